using System.Diagnostics.Metrics;
using System.Net.Security;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using OrleansLb.Contracts.Frontends;
using OrleansLb.Testing.Frontends;

namespace OrleansLb.Grains.Tests.Tls;

/// <summary>Front-ends whose messages have other senders than they came in as, and those whose have not.</summary>
public sealed partial class SenderTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Gateway_FrontendThatCallsAndIsCalledBack_SendsAsItself()
    {
        await using var silo = await SecuredSilo.Start();
        using var rejected = Rejected(silo);
        var client = (IClusterClient)await silo.Connect(Frontend(silo));
        var pushed = new Pushed();
        var atSilo = silo.Services.GetRequiredService<IGrainFactory>().GetGrain(client.CreateObjectReference<IFrontendObserver>(pushed).GetGrainId()).AsReference<IFrontendObserver>();

        for (var version = 1; version <= 100; version++)
        {
            await Task.WhenAll(atSilo.ConfigurationChanged(version), client.GetGrain<ITriedGrain>("one").CallAnother().AsTask());
            Assert.Equal(version, pushed.Version);
        }

        Assert.Empty(rejected.GetMeasurementSnapshot());
    }

    [Theory]
    [InlineData("at once")]
    [InlineData("byte by byte")]
    [InlineData("after one of its own")]
    public async Task Gateway_MessageOfAnotherSender_EndsItsConnectionAndIsCounted_OthersGoOn(string how)
    {
        await using var silo = await SecuredSilo.Start();
        using var rejected = Rejected(silo);
        var grains = await silo.Connect(Frontend(silo));
        var (own, another) = (await ClientWords.Hear(silo), await ClientWords.Hear(silo));

        await using var stream = await Introduced(silo, own.Introduction);
        await Say(stream, Parts(how, own, another));
        await ClientWords.Ends(stream, Soon);

        Assert.Equal(["cluster.sender"], await Reasons(rejected));
        Assert.Equal(1, await grains.GetGrain<ITriedGrain>("one").CallAnother());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(12)]
    [InlineData(30)]
    [InlineData(1000)]
    public async Task Gateway_MessageOfNoSender_EndsItsConnectionAndIsCounted(int size)
    {
        await using var silo = await SecuredSilo.Start();
        using var rejected = Rejected(silo);
        await using var stream = await Introduced(silo, (await ClientWords.Hear(silo)).Introduction);

        await stream.WriteAsync((byte[])[.. BitConverter.GetBytes(size), .. BitConverter.GetBytes(0), .. new byte[size]], Cancellation);
        await ClientWords.Ends(stream, Soon);

        Assert.Equal(["cluster.sender"], await Reasons(rejected));
    }

    [Fact]
    public async Task Gateway_MessagesOfTheSenderItself_AreTaken()
    {
        await using var silo = await SecuredSilo.Start();
        using var rejected = Rejected(silo);
        var own = await ClientWords.Hear(silo);
        await using var stream = await Introduced(silo, own.Introduction);

        // What follows them ends the connection for another reason.
        await stream.WriteAsync((byte[])[.. own.Message, .. own.Message, .. new byte[8]], Cancellation);
        await ClientWords.Ends(stream, Soon);

        Assert.Equal(["cluster.frame"], await Reasons(rejected));
    }

    [Theory]
    [InlineData("a silo's own client")]
    [InlineData("a grain")]
    [InlineData("an observer")]
    [InlineData("nobody")]
    [InlineData("nonsense")]
    [InlineData("a length below none")]
    [InlineData("too much")]
    public async Task Gateway_IntroductionOfNoClient_EndsItsConnectionAndIsCounted(string who)
    {
        await using var silo = await SecuredSilo.Start();
        using var rejected = Rejected(silo);
        var own = await ClientWords.Hear(silo);

        await using var stream = await ClientWords.Introduce(silo, silo.Gateway, silo.Authority.Client(SecuredSilo.FrontendName), Introduction(who, own.Introduction));
        await ClientWords.Ends(stream, Soon);

        Assert.Equal(["cluster.sender"], await Reasons(rejected));
    }

    private static byte[] Introduction(string who, byte[] own) => who switch
    {
        "a silo's own client" => Rewritten(own, Key(), "hosted-127.0.0.1:11111@0000000"),
        "a grain" => Rewritten(own, Type(), "sys.grains"),
        "an observer" => Rewritten(own, Key(), "0123456789abcdef+0123456789abcd"),
        "nobody" => [.. BitConverter.GetBytes(own.Length - sizeof(int)), .. new byte[own.Length - sizeof(int)]],
        "nonsense" => [.. BitConverter.GetBytes(64), .. Enumerable.Repeat((byte)0xff, 64)],
        "a length below none" => [.. BitConverter.GetBytes(-1), .. own],
        _ => [.. BitConverter.GetBytes(1025), .. new byte[1025]],
    };

    /// <summary>Says something else in the place of what a client said, in as many bytes.</summary>
    private static byte[] Rewritten(byte[] own, Regex said, string instead)
    {
        var text = Encoding.Latin1.GetString(own);
        var match = said.Match(text);
        Assert.True(match.Success, "A client says nothing of the kind.");
        return Encoding.Latin1.GetBytes(said.Replace(text, instead.PadRight(match.Length, '0'), 1));
    }

    private static IEnumerable<byte[]> Parts(string how, ClientWords own, ClientWords another) => how switch
    {
        "at once" => [another.Message],
        "byte by byte" => another.Message.Select(static each => new[] { each }),
        _ => [[.. own.Message, .. another.Message]],
    };

    private static async Task<SslStream> Introduced(SecuredSilo silo, byte[] introduction)
    {
        var stream = await ClientWords.Introduce(silo, silo.Gateway, silo.Authority.Client(SecuredSilo.FrontendName), introduction);
        await ClientWords.ReadIntroduction(stream);
        return stream;
    }

    private static async Task Say(SslStream stream, IEnumerable<byte[]> parts)
    {
        try
        {
            foreach (var part in parts)
                await stream.WriteAsync(part, Cancellation);
        }
        catch (IOException)
        {
            // Nobody waits for the rest of a message whose sender is another.
        }
    }

    private static Clustering.Membership.MembershipOptions Frontend(SecuredSilo silo) => silo.Options("frontend", silo.Authority.Client(SecuredSilo.FrontendName), silo.Authority.RootPem);

    private static MetricCollector<long> Rejected(SecuredSilo silo) => new(silo.Services.GetRequiredService<IMeterFactory>(), "OrleansLb.Frontend.Limits", "orleanslb.rejected");

    private static async Task<IEnumerable<object?>> Reasons(MetricCollector<long> rejected)
    {
        await rejected.WaitForMeasurementsAsync(1, Soon);
        return rejected.GetMeasurementSnapshot().Select(static one => one.Tags["reason"]);
    }

    [GeneratedRegex("[0-9a-f]{32}")]
    private static partial Regex Key();

    [GeneratedRegex(@"sys\.client")]
    private static partial Regex Type();

    private sealed class Pushed : SilentFrontend
    {
        public long Version { get; private set; }

        public override Task ConfigurationChanged(long version)
        {
            Version = version;
            return Task.CompletedTask;
        }
    }
}
