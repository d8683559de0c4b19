using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using OrleansLb.Clustering.Tls;
using OrleansLb.Core.Tls;
using OrleansLb.Hosting.Files;
using OrleansLb.Testing.Certificates;

namespace OrleansLb.Grains.Tests.Tls;

/// <summary>Who may come in at the ports of a silo, and whom a front-end believes to be one.</summary>
public sealed class ClusterTlsTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private static readonly byte[] Nonsense = new byte[16];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, string> Strangers => new()
    {
        { "nobody's certificate", "gateway", "certificate" },
        { "another authority's", "gateway", "certificate" },
        { "another authority's silo", "silo", "certificate" },
        { "one that has expired", "gateway", "certificate" },
        { "one that is not valid yet", "gateway", "certificate" },
        { "a server's", "gateway", "certificate" },
        { "another name", "gateway", "name" },
        { "a name with a NUL", "gateway", "certificate" },
        { "a name that cannot be read", "silo", "certificate" },
        { "a front-end's", "silo", "name" },
        { "a named front-end's", "silo", "name" },
        { "a name that nobody can have", "gateway", "name" },
        { "another cluster's silo", "silo", "name" },
        { "TLS 1.2", "gateway", "protocol" },
    };

    [Fact]
    public async Task Gateway_FrontendOfTheCluster_IsAnswered()
    {
        await using var silo = await SecuredSilo.Start();
        var grains = await silo.Connect(silo.Options("frontend", silo.Authority.Client(SecuredSilo.FrontendName), silo.Authority.RootPem));

        Assert.Equal(1, await grains.GetGrain<ITriedGrain>("one").CallAnother());
        Assert.Empty(silo.Refused);
    }

    [Theory]
    [MemberData(nameof(Strangers))]
    public async Task Ports_Stranger_IsRefusedBeforeOrleansHearsOfHim(string shown, string port, string reason)
    {
        await using var silo = await SecuredSilo.Start();
        using var others = new TestAuthority("Others");
        var client = silo.ClientOf(port == "silo" ? silo.SiloPort : silo.Gateway);

        var heard = await Hear(client, options =>
        {
            options.ClientCertificateContext = Shown(shown, silo.Authority, others, silo.Clock.GetUtcNow())?.Context;
            options.EnabledSslProtocols = shown == "TLS 1.2" ? SslProtocols.Tls12 : SslProtocols.None;
        });

        Assert.Equal(0, heard);
        await Eventually(() => silo.Refused.Count > 0, "it is counted");
        Assert.Equal([reason], silo.Refused);
    }

    [Fact]
    public async Task Ports_SiloOfTheCluster_MayComeInEverywhere()
    {
        await using var silo = await SecuredSilo.Start();
        foreach (var port in new[] { silo.SiloPort, silo.Gateway })
        {
            await using var stream = await silo.ClientOf(port).Open(SecuredSilo.Name, options => options.ClientCertificateContext = silo.Authority.Peer(SecuredSilo.Name).Context, Cancellation);
            // It is Orleans who hears this and ends what is none of its own, whether or not it has said who it is by then.
            await stream.WriteAsync(Enumerable.Repeat((byte)0xff, 64).ToArray(), Cancellation);
            await Rest(stream);
            Assert.Empty(silo.Refused);
        }
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0")]
    public async Task Gateway_PlainText_IsRefused(string said)
    {
        await using var silo = await SecuredSilo.Start();
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(silo.Gateway, Cancellation);
        await socket.SendAsync(System.Text.Encoding.ASCII.GetBytes(said), Cancellation);

        await Eventually(() => silo.Refused.Count > 0, "it is counted");
        Assert.Equal(["protocol"], silo.Refused);
        await Ends(socket);
    }

    [Fact]
    public async Task Gateway_WhoeverSaysNothing_IsRefusedInTime()
    {
        await using var silo = await SecuredSilo.Start();
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(silo.Gateway, Cancellation);

        await Eventually(
            () =>
            {
                silo.Clock.Advance(TimeSpan.FromSeconds(6));
                return silo.Refused.Count > 0;
            },
            "it is counted");

        Assert.Equal(["timeout"], silo.Refused);
        await Ends(socket);
    }

    [Fact]
    public async Task Ports_HandshakesOfStrangersFromOneAddress_AreBoundedAndProcessesOfTheClusterComeIn()
    {
        await using var silo = await SecuredSilo.Start();
        var strangers = new List<Socket>();
        try
        {
            // Half of them say nothing, which costs a silo memory; half say nonsense, which costs it processors if they go on and on.
            for (var i = 0; i < ClusterTlsOptions.MostUnproven; i++)
                strangers.Add(await Stranger(i % 2 == 0 ? silo.Gateway : silo.SiloPort, i % 2 == 0 ? [] : Nonsense));
            await Eventually(() => silo.Refused.Count == ClusterTlsOptions.MostUnproven / 2, "nonsense is refused");
            Assert.DoesNotContain("rate", silo.Refused);

            await IsTurnedAway(silo.Gateway, []);
            await IsTurnedAway(silo.SiloPort, []);
            await Eventually(() => silo.Refused.Count(static reason => reason == "rate") == 2, "both are counted");
            var grains = await silo.Connect(silo.Options("frontend", silo.Authority.Client(SecuredSilo.FrontendName), silo.Authority.RootPem));
            Assert.Equal(1, await grains.GetGrain<ITriedGrain>("one").CallAnother());

            silo.Clock.Advance(HandshakeAllowance.Period / ClusterTlsOptions.MostUnproven);
            await IsTurnedAway(silo.Gateway, Nonsense);
            await Eventually(() => silo.Refused[^1] == "protocol", "one more is begun");
            await IsTurnedAway(silo.Gateway, Nonsense);
            await Eventually(() => silo.Refused.Count(static reason => reason == "rate") == 3, "and no other");
        }
        finally
        {
            strangers.ForEach(static one => one.Dispose());
        }
    }

    [Fact]
    public async Task Ports_ProcessOfTheClusterThatComesAgainAndAgain_IsNeverTurnedAway()
    {
        await using var silo = await SecuredSilo.Start();
        var shown = silo.Authority.Client(SecuredSilo.FrontendName);
        for (var i = 0; i < 2 * ClusterTlsOptions.MostUnproven; i++)
        {
            await using var stream = await silo.ClientOf(silo.Gateway).Open(SecuredSilo.Name, options => options.ClientCertificateContext = shown.Context, Cancellation);
            // Whoever has the last word of a handshake does not know yet that it was heard; nonsense is answered by Orleans alone.
            await stream.WriteAsync(Enumerable.Repeat((byte)0xff, 64).ToArray(), Cancellation);
            await Rest(stream);
        }

        Assert.Empty(silo.Refused);
    }

    [Theory]
    [InlineData(false, "name")]
    [InlineData(true, "certificate")]
    public async Task Frontend_OtherEndIsNoSiloOfItsCluster_SaysNothingToIt(bool believesOthers, string reason)
    {
        await using var silo = await SecuredSilo.Start();
        using var others = new TestAuthority("Others");
        var believed = believesOthers ? others : silo.Authority;
        var name = believesOthers ? SecuredSilo.Name : "silo.elsewhere";
        var options = silo.Options("frontend", silo.Authority.Client(SecuredSilo.FrontendName), silo.Authority.RootPem, ("OrleansLb:Cluster:Tls:SiloName", name));
        // What a front-end is started with is in order; it is what it is given later that is not.
        if (believesOthers)
            options = silo.Options("frontend", others.Client(SecuredSilo.FrontendName), believed.RootPem);

        Assert.Equal(reason, await silo.Refuses(options));
    }

    [Fact]
    public async Task Files_AreReplacedByThoseOfAnotherAuthority_NobodyIsCutOffAndTheNewOnesCount()
    {
        await using var silo = await SecuredSilo.Start();
        using var next = new TestAuthority("Next");
        var grains = await silo.Connect(silo.Options("frontend", silo.Authority.Client(SecuredSilo.FrontendName), silo.Authority.RootPem));

        var renewed = next.Peer(SecuredSilo.Name);
        await File.WriteAllTextAsync(silo.AuthoritiesFile, silo.Authority.RootPem + next.RootPem, Cancellation);
        silo.Write("silo", renewed);
        var ofNext = new TlsClient(silo.Gateway, next);
        await Eventually(
            async () =>
            {
                silo.Clock.Advance(FileWatcher.Period);
                return await Shows(ofNext, next.Client(SecuredSilo.FrontendName)) == renewed.Serial;
            },
            "the new one is shown");

        Assert.Equal(1, await grains.GetGrain<ITriedGrain>("one").CallAnother());
    }

    private static IssuedCertificate? Shown(string what, TestAuthority own, TestAuthority others, DateTimeOffset now) => what switch
    {
        "nobody's certificate" => null,
        "another authority's" => others.Client(SecuredSilo.FrontendName),
        "another authority's silo" => others.Peer(SecuredSilo.Name),
        // Chains are looked at by the clock of the machine.
        "one that has expired" => own.Peer(DateTimeOffset.UnixEpoch.AddYears(40), DateTimeOffset.UnixEpoch.AddYears(50), SecuredSilo.FrontendName),
        "one that is not valid yet" => own.Peer(now.AddYears(20), now.AddYears(21), SecuredSilo.FrontendName),
        "a server's" => own.Server(SecuredSilo.FrontendName),
        "another name" => own.Client("frontend.elsewhere"),
        "a name with a NUL" => own.ClientWritten("frontend", $"{SecuredSilo.FrontendName}\0.elsewhere"),
        "a name that cannot be read" => own.ClientWritten("silo", $"{SecuredSilo.Name}\u00e4"),
        "a named front-end's" => own.Client($"fe-1.{SecuredSilo.FrontendName}"),
        "a name that nobody can have" => own.Client($"*.{SecuredSilo.FrontendName}", SecuredSilo.FrontendName),
        "a front-end's" => own.Client(SecuredSilo.FrontendName),
        "another cluster's silo" => own.Peer("silo.elsewhere"),
        _ => own.Client(SecuredSilo.FrontendName),
    };

    /// <summary>How many bytes of the cluster's come after a handshake, which ends before the other end has looked at what was shown.</summary>
    private static async Task<int> Hear(TlsClient client, Action<SslClientAuthenticationOptions> configure)
    {
        try
        {
            await using var stream = await client.Open(SecuredSilo.Name, configure, Cancellation);
            return await Rest(stream);
        }
        catch (Exception exception) when (exception is AuthenticationException or IOException)
        {
            return 0;
        }
    }

    private static async Task<int> Rest(SslStream stream)
    {
        var all = 0;
        try
        {
            while (await stream.ReadAsync(new byte[256], Cancellation).AsTask().WaitAsync(Soon, Cancellation) is var read and > 0)
                all += read;
        }
        catch (IOException)
        {
            // Reset is an end, too.
        }

        return all;
    }

    private static async Task<string?> Shows(TlsClient client, IssuedCertificate shown)
    {
        try
        {
            return (await client.Handshake(SecuredSilo.Name, options => options.ClientCertificateContext = shown.Context, Cancellation)).Serial;
        }
        catch (AuthenticationException)
        {
            return null;
        }
    }

    /// <summary>Somebody at another address of this machine than the cluster's processes.</summary>
    private static async Task<Socket> Stranger(IPEndPoint port, byte[] says)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.9"), 0));
        await socket.ConnectAsync(port, Cancellation);
        if (says.Length > 0)
            await socket.SendAsync(says, Cancellation);
        return socket;
    }

    private static async Task IsTurnedAway(IPEndPoint port, byte[] says)
    {
        try
        {
            using var socket = await Stranger(port, says);
            await Ends(socket);
        }
        catch (SocketException)
        {
            // It may be over before it is known to have begun.
        }
    }

    private static async Task Ends(Socket socket)
    {
        try
        {
            while (await socket.ReceiveAsync(new byte[256], Cancellation).AsTask().WaitAsync(Soon, Cancellation) > 0)
            {
                // An alert of TLS may come first.
            }
        }
        catch (SocketException)
        {
            // Reset is an end, too.
        }
    }

    private static Task Eventually(Func<bool> holds, string what) => Eventually(() => Task.FromResult(holds()), what);

    private static async Task Eventually(Func<Task<bool>> holds, string what)
    {
        var began = TimeProvider.System.GetTimestamp();
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!await holds())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Soon, $"Not within {Soon}: {what}.");
            await ticks.WaitForNextTickAsync(Cancellation);
        }
    }
}
