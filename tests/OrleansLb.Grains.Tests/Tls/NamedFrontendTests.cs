using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using OrleansLb.Clustering.Events;
using OrleansLb.Clustering.Names;
using OrleansLb.Contracts.Acme;
using OrleansLb.Contracts.Backends;
using OrleansLb.Contracts.Frontends;
using OrleansLb.Contracts.RateLimits;
using OrleansLb.Contracts.Sessions;
using OrleansLb.Grains.Hosting;
using OrleansLb.Testing.Frontends;

namespace OrleansLb.Grains.Tests.Tls;

/// <summary>Front-ends whose certificates have their ids, and those that say to be others.</summary>
public sealed partial class NamedFrontendTests
{
    private const string Own = "fe-1";
    private const string Another = "fe-2";
    private const string Certified = $"{Own}.{SecuredSilo.FrontendName}";

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Calls =>
    [
        "register", "register under the other's key", "register another under the own key", "heartbeat", "leave",
        "load", "leave a pool", "slots", "lease", "leases", "leases of several", "no leases", "leases of nobody", "lease at once", "slots of a limit", "bind", "look", "certificates", "nothing",
    ];

    [Fact]
    public async Task Client_OfAFrontend_HasItsIdInItsIdentity()
    {
        await using var silo = await SecuredSilo.Start();
        var client = (IClusterClient)await Frontend(silo, Own, Certified);

        Assert.Matches(Identity(), client.CreateObjectReference<IFrontendObserver>(new SilentFrontend()).GetGrainId().Key.ToString());
    }

    [Fact]
    public void Client_OrleansMakesIdentitiesInAnotherWay_EndsItsStart() =>
        Assert.Contains("This version of Orleans has no", Assert.Throws<InvalidOperationException>(static () => NamedClient.Name(new ServiceCollection(), Own)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("fe~1")]
    [InlineData("fe+1")]
    public void Client_WhatIsNoId_IsRefused(string id) => Assert.Throws<ArgumentException>(() => ClientName.Create(id));

    [Theory]
    [InlineData(Own, Certified)]
    [InlineData(Own, "FE-1.Frontend.OrleansLb")]
    [InlineData(Own, Certified, SecuredSilo.FrontendName)]
    [InlineData(Own, $"{Another}.{SecuredSilo.FrontendName}", Certified)]
    [InlineData(Own, SecuredSilo.FrontendName)]
    [InlineData("eu.fe_1", $"eu.fe_1.{SecuredSilo.FrontendName}")]
    [InlineData("hosted-1", $"hosted-1.{SecuredSilo.FrontendName}")]
    [InlineData(null, SecuredSilo.FrontendName)]
    public async Task Gateway_FrontendThatItsCertificateMayBe_CallsAndIsCalledBack(string? id, params string[] certified)
    {
        await using var silo = await SecuredSilo.Start();
        using var rejected = Rejected(silo);
        var client = (IClusterClient)await Frontend(silo, id, certified);
        var called = new SilentFrontend();
        var atSilo = silo.Services.GetRequiredService<IGrainFactory>().GetGrain(client.CreateObjectReference<IFrontendObserver>(called).GetGrainId()).AsReference<IFrontendObserver>();

        await atSilo.ConfigurationChanged(1);
        // Orleans holds it weakly.
        GC.KeepAlive(called);
        Assert.Equal(1, await client.GetGrain<ITriedGrain>("one").CallAnother());
        Assert.Empty(rejected.GetMeasurementSnapshot());
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => client.GetGrain<ITriedGrain>("one").OfSilos().AsTask());
    }

    [Theory]
    [InlineData(Another, Certified)]
    [InlineData(Another, Certified, SecuredSilo.FrontendName)]
    [InlineData("fe-11", Certified)]
    [InlineData("fe-", Certified)]
    [InlineData("a.fe-1", Certified)]
    [InlineData(null, Certified)]
    [InlineData(null, Certified, SecuredSilo.FrontendName)]
    public async Task Gateway_FrontendThatItsCertificateIsNot_EndsItsConnectionAndIsCounted(string? id, params string[] certified)
    {
        await using var silo = await SecuredSilo.Start();
        using var rejected = Rejected(silo);
        var words = await ClientWords.Hear(silo, id);

        await using var stream = await ClientWords.Introduce(silo, silo.Gateway, silo.Authority.Client(certified), words.Introduction);
        await ClientWords.Ends(stream, Soon);

        await rejected.WaitForMeasurementsAsync(1, Soon);
        Assert.Equal(["cluster.sender"], rejected.GetMeasurementSnapshot().Select(static one => one.Tags["reason"]));
    }

    [Theory]
    [InlineData("named")]
    [InlineData("silo")]
    public async Task Gateway_NamesAreRequired_IsOpenToCertificatesWithOneAndToSilos(string shown)
    {
        await using var silo = await NamesAreRequired();
        using var rejected = Rejected(silo);
        var words = await ClientWords.Hear(silo, Own, silo.Authority.Client(Certified));

        var certificate = shown == "named" ? silo.Authority.Client(Certified) : silo.Authority.Peer(SecuredSilo.Name);
        await using var stream = await ClientWords.Introduce(silo, silo.Gateway, certificate, words.Introduction);
        await ClientWords.ReadIntroduction(stream);
        // What follows ends the connection for another reason.
        await stream.WriteAsync((byte[])[.. words.Message, .. new byte[8]], Cancellation);
        await ClientWords.Ends(stream, Soon);

        await rejected.WaitForMeasurementsAsync(1, Soon);
        Assert.Equal(["cluster.frame"], rejected.GetMeasurementSnapshot().Select(static one => one.Tags["reason"]));
        Assert.Empty(silo.Refused);
    }

    [Fact]
    public async Task Gateway_NamesAreRequired_CertificateWithoutOneIsRefused()
    {
        await using var silo = await NamesAreRequired();

        try
        {
            await using var stream = await ClientWords.Introduce(silo, silo.Gateway, silo.Authority.Client(SecuredSilo.FrontendName), new byte[8]);
            await ClientWords.Ends(stream, Soon);
        }
        catch (IOException)
        {
            // Who is refused may hear it before he has said all.
        }

        await silo.HasRefused;
        Assert.Equal(["name"], silo.Refused);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Silo_CallOfAFrontendForAnother_IsRefusedAndCounted_ForItselfIsNot(string call)
    {
        await using var silo = await Load();
        using var rejected = Rejected(silo);
        var grains = (IClusterClient)await Frontend(silo, Own, Certified);
        string[] ofNobody = ["register under the other's key", "register another under the own key", "leases of several", "no leases", "leases of nobody"];

        if (!ofNobody.Contains(call))
            await Call(call, grains, Own);
        Assert.Empty(rejected.GetMeasurementSnapshot());
        if (call == "nothing")
        {
            await Call(call, grains, Another);
            Assert.Empty(rejected.GetMeasurementSnapshot());
            return;
        }

        var refused = await Assert.ThrowsAsync<UnauthorizedAccessException>(() => Call(call, grains, Another));

        Assert.EndsWith("speaks for a front-end, and another one called it.", refused.Message, StringComparison.Ordinal);
        var counted = rejected.GetMeasurementSnapshot();
        Assert.NotEmpty(counted);
        Assert.All(counted, static one => Assert.Equal(("cluster", "cluster.call"), (one.Tags["surface"], one.Tags["reason"])));
    }

    [Fact]
    public async Task Silo_OlderFrontend_SpeaksForWhomItSays()
    {
        await using var silo = await Load();
        using var rejected = Rejected(silo);
        var grains = (IClusterClient)await Frontend(silo, id: null, SecuredSilo.FrontendName);

        foreach (var id in new[] { Own, Another })
            await Call("register", grains, id);

        Assert.Empty(rejected.GetMeasurementSnapshot());
    }

    [Fact]
    public async Task Silo_SiloForAFrontend_IsNotAsked()
    {
        await using var silo = await Load();

        await silo.Services.GetRequiredService<IGrainFactory>().GetGrain<IFrontendGrain>(Own).Leave(1);
    }

    private static Task<SecuredSilo> Load() => SecuredSilo.Start(static silo =>
    {
        silo.AddMemoryGrainStorage(GrainsSiloBuilderExtensions.StorageName);
        silo.AddOrleansLbEventStream();
        silo.AddOrleansLbGrains();
    });

    /// <summary>Calls until it is answered: these calls wait for a quarter of a second, and a grain that nobody has called yet may need longer.</summary>
    private static async Task Call(string call, IClusterClient grains, string id)
    {
        while (true)
        {
            try
            {
                await Begin(call, grains, id);
                return;
            }
            catch (TimeoutException)
            {
                Cancellation.ThrowIfCancellationRequested();
            }
        }
    }

    private static Task Begin(string call, IClusterClient grains, string id)
    {
        var registration = new FrontendRegistration(id, 1, grains.CreateObjectReference<IFrontendObserver>(new SilentFrontend()));
        var pool = grains.GetGrain<IPoolGrain>("pool");
        var range = grains.GetGrain<IRateLimitRangeGrain>(IRateLimitRangeGrain.KeyOf("policy", 1));
        var session = grains.GetGrain<ISessionGrain>(ISessionGrain.KeyOf("pool", 1));
        var lease = new LimitRequest { FrontendId = id, Incarnation = 1, Seq = 1 };
        return call switch
        {
            "register" => grains.GetGrain<IFrontendGrain>(id).Register(registration).AsTask(),
            "register under the other's key" => grains.GetGrain<IFrontendGrain>(Another).Register(registration with { FrontendId = Own }).AsTask(),
            "register another under the own key" => grains.GetGrain<IFrontendGrain>(Own).Register(registration with { FrontendId = Another }).AsTask(),
            "heartbeat" => grains.GetGrain<IFrontendGrain>(id).Heartbeat(new FrontendHeartbeat(1, 1, Draining: false)).AsTask(),
            "leave" => grains.GetGrain<IFrontendGrain>(id).Leave(1).AsTask(),
            "load" => pool.Exchange(new ExchangeRequest
            {
                FrontendId = id, Incarnation = 1, Sequence = 1, BaseSequence = 0, AckedEpoch = default, AckedVersion = 0, Tau = TimeSpan.FromSeconds(1), Arrivals = 0, Completions = 0, ServiceTime = TimeSpan.Zero, Entries = [],
            }).AsTask(),
            "leave a pool" => pool.Leave(id, 1).AsTask(),
            "slots" => pool.ExchangeSlots(new SlotRequest { FrontendId = id, Incarnation = 1, Sequence = 1, AckedEpoch = 0, IsLeaving = false, Counts = [] }).AsTask(),
            "lease" => range.Exchange(lease).AsTask(),
            "leases" => range.ExchangeAll(new LimitPost([1, 2], [lease, lease])).AsTask(),
            "leases of several" => range.ExchangeAll(new LimitPost([1, 2], [lease with { FrontendId = Own }, lease with { FrontendId = Another }])).AsTask(),
            "no leases" => range.ExchangeAll(new LimitPost([], [])).AsTask(),
            "leases of nobody" => range.ExchangeAll(new LimitPost([1, 2], [lease with { FrontendId = Own }, null!])).AsTask(),
            "lease at once" => range.ExchangeAtOnce(lease).AsTask(),
            "slots of a limit" => range.ExchangeSlots(new LimitSlotRequest { FrontendId = id, Incarnation = 1, Sequence = 1, LeastEpoch = 0 }).AsTask(),
            "bind" => session.Bind(new SessionRequest { FrontendId = id, Incarnation = 1, Epoch = 0, Session = default, Candidate = 0 }).AsTask(),
            "look" => session.Look(new SessionLook(id, 1, 0, 0)).AsTask(),
            "certificates" => grains.GetGrain<IAcmeGrain>(IAcmeGrain.Key).Follow(new AcmeQuery(id, "", null)).AsTask(),
            _ => pool.GetEligibility(0, 0).AsTask(),
        };
    }

    private static Task<SecuredSilo> NamesAreRequired() => SecuredSilo.Start(settings: ("OrleansLb:Cluster:Tls:RequireFrontendNames", "true"));

    private static Task<IGrainFactory> Frontend(SecuredSilo silo, string? id, params string[] certified) =>
        silo.Connect(silo.Options("frontend", silo.Authority.Client(certified), silo.Authority.RootPem), id);

    private static MetricCollector<long> Rejected(SecuredSilo silo) => new(silo.Services.GetRequiredService<IMeterFactory>(), "OrleansLb.Frontend.Limits", "orleanslb.rejected");

    [GeneratedRegex(@"^fe-1~[0-9a-f]{32}\+")]
    private static partial Regex Identity();
}
