using Microsoft.Extensions.Time.Testing;
using OrleansLb.Core.Health;
using OrleansLb.Probes.Tcp;
using OrleansLb.Probes.Tests.Network;
using OrleansLb.Probes.Tests.Servers;

namespace OrleansLb.Probes.Tests.Tcp;

public sealed class TcpProbeTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private readonly FakeTimeProvider _clock = new();
    private readonly Prober _prober;

    public TcpProbeTests() => _prober = new Prober(_clock);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _prober.Dispose();

    [Fact]
    public async Task Run_SomebodyAccepts_SucceedsAndHangsUp()
    {
        var end = new TaskCompletionSource<int>();
        await using var server = new ScriptedServer(async (socket, stopped) => end.SetResult(await socket.ReceiveAsync(new byte[1], stopped)), waitsForHead: false);
        Assert.Equal(ProbeOutcomeKind.Success, (await _prober.Run(To(server), Cancelled)).Kind);
        Assert.Equal(0, await end.Task);
    }

    [Fact]
    public async Task Run_ServerHangsUpAtOnce_Succeeds()
    {
        await using var server = new ScriptedServer(static (_, _) => Task.CompletedTask, waitsForHead: false);
        Assert.Equal(ProbeOutcomeKind.Success, (await _prober.Run(To(server), Cancelled)).Kind);
    }

    [Fact]
    public async Task Run_NobodyListens_IsRefused()
    {
        var server = new ScriptedServer(static (_, _) => Task.CompletedTask);
        var target = To(server);
        await server.DisposeAsync();
        Assert.Equal(ProbeOutcomeKind.Refused, (await _prober.Run(target, Cancelled)).Kind);
    }

    [Fact]
    public async Task Run_NameHasNoAddress_IsNotResolved() =>
        Assert.Equal(ProbeOutcomeKind.NameNotResolved, (await _prober.Run(new TcpProbeTarget("backend.invalid", 80, Limit), Cancelled)).Kind);

    [Fact]
    public async Task Run_ConnectingNeverEnds_TimesOutAfterTheTimeout()
    {
        using var prober = new Prober(_clock, new UnansweringNetwork());
        var probe = prober.Run(new TcpProbeTarget("127.0.0.1", 80, Limit), Cancelled).AsTask();
        _clock.Advance(Limit);
        var outcome = await probe;
        Assert.Equal((ProbeOutcomeKind.TimedOut, Limit), (outcome.Kind, outcome.Duration));
    }

    private static TcpProbeTarget To(ScriptedServer server) => new("127.0.0.1", server.Port, Limit);
}
