using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;
using OrleansLb.Core.Agents;
using OrleansLb.Probes.Agents;
using OrleansLb.Probes.Tests.Network;
using OrleansLb.Probes.Tests.Servers;

namespace OrleansLb.Probes.Tests.Agents;

public sealed class AgentRunnerTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _clock = new();
    private readonly Channel<AgentAnswer> _answers = Channel.CreateUnbounded<AgentAnswer>();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_TimePasses_AsksAtOnceAndOnceAnInterval()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        // Without sockets: the time that an answer travels would be time of the clock that a test moves.
        var running = Start(new AgentClient(_clock, new ImmediateNetwork("up\n")), port: 1, stop.Token);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(AgentOutcome.Answered, (await _answers.Reader.ReadAsync(Cancelled)).Outcome);
            _clock.Advance(Interval * 0.85);
            Assert.False(_answers.Reader.TryRead(out _));
            _clock.Advance(Interval * 0.26);
        }

        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task Run_AgentIsGone_IsAskedAgain()
    {
        var agent = new ScriptedServer(static (_, _) => Task.CompletedTask, waitsForHead: false);
        var port = agent.Port;
        await agent.DisposeAsync();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var running = Start(new AgentClient(_clock), port, stop.Token);
        for (var i = 0; i < 3; i++)
            Assert.Equal(AgentOutcome.Unreachable, (await Next()).Outcome);

        await stop.CancelAsync();
        await running;
    }

    private Task Start(AgentClient client, int port, CancellationToken stop)
    {
        var target = new AgentTarget(new Uri($"tcp://127.0.0.1:{port}"), "", Interval, TimeSpan.FromDays(1));
        return new AgentRunner(target, client, answer => _answers.Writer.TryWrite(answer), _clock, new Random(1)).Run(stop);
    }

    // Time goes on in small steps: when the runner begins to wait after an answer is not seen from here.
    private async Task<AgentAnswer> Next()
    {
        AgentAnswer answer;
        while (!_answers.Reader.TryRead(out answer))
        {
            _clock.Advance(Interval * 0.01);
            await Task.Yield();
            Cancelled.ThrowIfCancellationRequested();
        }

        return answer;
    }
}
