using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using OrleansLb.Core.Agents;
using OrleansLb.Probes.Agents;
using OrleansLb.Probes.Tests.Network;
using OrleansLb.Probes.Tests.Servers;

namespace OrleansLb.Probes.Tests.Agents;

/// <summary>Agents of every kind, over real sockets.</summary>
public sealed class AgentClientTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private readonly FakeTimeProvider _clock = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("75%\n")]
    [InlineData("75%\r")]
    [InlineData("75%\r\n")]
    [InlineData("75%\ndown\n")]
    public async Task Ask_Line_IsHeardUpToItsEnd(string text)
    {
        await using var agent = Saying(text);
        Assert.Equal(new AgentAnswer(AgentOutcome.Answered, new AgentReply(75, null, null, null, 0), "75%"), await Ask(agent));
    }

    [Fact]
    public async Task Ask_AgentKeepsTheConnection_IsNotWaitedFor()
    {
        await using var agent = new ScriptedServer(
            static async (socket, stopped) =>
            {
                await ScriptedServer.Send(socket, "drain\n", stopped);
                await socket.ReceiveAsync(new byte[1], stopped);
            },
            waitsForHead: false);
        Assert.Equal(AgentService.Drain, (await Ask(agent)).Reply.Service);
    }

    [Fact]
    public async Task Ask_LineComesInPieces_IsPutTogether()
    {
        await using var agent = new ScriptedServer(
            static async (socket, stopped) =>
            {
                socket.NoDelay = true;
                foreach (var piece in (string[])["up 5", "0% ma", "xconn:3\n"])
                    await ScriptedServer.Send(socket, piece, stopped);
            },
            waitsForHead: false);
        Assert.Equal(new AgentReply(50, 3, null, false, 0), (await Ask(agent)).Reply);
    }

    [Fact]
    public async Task Ask_WithSomethingToSend_SendsItFirst()
    {
        await using var agent = new ScriptedServer(
            static async (socket, stopped) =>
            {
                var question = new byte[6];
                var length = 0;
                while (length < question.Length)
                    length += await socket.ReceiveAsync(question.AsMemory(length), stopped);
                await ScriptedServer.Send(socket, Encoding.ASCII.GetString(question) == "web1\r\n" ? "ready\n" : "maint\n", stopped);
            },
            waitsForHead: false);
        Assert.Equal(AgentService.Ready, (await Ask(agent, "web1\\r\\n")).Reply.Service);
    }

    [Fact]
    public async Task Ask_UnknownWords_AreSaidAndTheOthersCount()
    {
        await using var agent = Saying("hello 50% there\n");
        Assert.Equal(new AgentAnswer(AgentOutcome.UnknownWords, new AgentReply(50, null, null, null, 2), "hello 50% there"), await Ask(agent));
    }

    [Theory]
    [InlineData("")]
    [InlineData("down")]
    [InlineData("10")]
    public async Task Ask_ConnectionEndsBeforeTheLine_SaysNothing(string text)
    {
        await using var agent = Saying(text);
        Assert.Equal(new AgentAnswer(AgentOutcome.Incomplete, default, ""), await Ask(agent));
    }

    [Fact]
    public async Task Ask_ConnectionIsReset_SaysNothing()
    {
        await using var agent = new ScriptedServer(
            static (socket, _) =>
            {
                ScriptedServer.Reset(socket);
                return Task.CompletedTask;
            },
            waitsForHead: false);
        Assert.Equal(AgentOutcome.Unreachable, (await Ask(agent)).Outcome);
    }

    [Fact]
    public async Task Ask_NobodyListens_SaysNothing()
    {
        var agent = Saying("up\n");
        var target = To(agent, "");
        await agent.DisposeAsync();
        Assert.Equal(AgentOutcome.Unreachable, (await new AgentClient(_clock).Ask(target, Cancelled)).Outcome);
    }

    [Fact]
    public async Task Ask_NameHasNoAddress_SaysNothing() => Assert.Equal(
        AgentOutcome.Unreachable,
        (await new AgentClient(_clock).Ask(new AgentTarget(new Uri("tcp://agent.invalid:1"), "", Limit, Limit), Cancelled)).Outcome);

    [Fact]
    public async Task Ask_ConnectingNeverEnds_TimesOut()
    {
        var asked = new AgentClient(_clock, new UnansweringNetwork()).Ask(new AgentTarget(new Uri("tcp://127.0.0.1:1"), "", Limit, Limit), Cancelled).AsTask();
        _clock.Advance(Limit);
        Assert.Equal(AgentOutcome.TimedOut, (await asked).Outcome);
    }

    [Fact]
    public async Task Ask_NothingIsSaid_TimesOut()
    {
        await using var agent = new ScriptedServer(static async (socket, stopped) => await socket.ReceiveAsync(new byte[1], stopped), waitsForHead: false);
        var asked = Ask(agent);
        await agent.Asked.Task;
        _clock.Advance(Limit);
        Assert.Equal(AgentOutcome.TimedOut, (await asked).Outcome);
    }

    [Fact]
    public async Task Ask_OneByteASecond_TimesOutAndHalfALineSaysNothing()
    {
        await using var agent = new ScriptedServer(
            async (socket, stopped) =>
            {
                // Each byte comes a second after the one before, as the client's clock has it.
                foreach (var letter in "down #slow\n")
                {
                    await ScriptedServer.Send(socket, letter.ToString(), stopped);
                    _clock.Advance(TimeSpan.FromSeconds(1));
                }
            },
            waitsForHead: false);
        Assert.Equal(new AgentAnswer(AgentOutcome.TimedOut, default, ""), await Ask(agent));
    }

    [Fact]
    public async Task Ask_Megabytes_AreNotReadToTheEnd()
    {
        var sent = new TaskCompletionSource<int>();
        await using var agent = new ScriptedServer(async (socket, stopped) => sent.SetResult(await SendForEver(socket, stopped)), waitsForHead: false);
        Assert.Equal(new AgentAnswer(AgentOutcome.TooLong, default, ""), await Ask(agent));
        Assert.InRange(await sent.Task, 0, 64 * 1024 * 1024);
    }

    [Theory]
    [InlineData(AgentReply.LongestLine - 5, AgentOutcome.Answered)]
    [InlineData(AgentReply.LongestLine - 4, AgentOutcome.TooLong)]
    public async Task Ask_LineOfTheLongestLength_IsHeardAndNoneLonger(int reason, AgentOutcome outcome)
    {
        // "down#" would be one word.
        await using var agent = Saying($"down {new string('#', reason)}\n");
        Assert.Equal(outcome, (await Ask(agent)).Outcome);
    }

    [Fact]
    public async Task Ask_Binary_IsHeardAsUnknownWords()
    {
        await using var agent = new ScriptedServer(static (socket, stopped) => ScriptedServer.Send(socket, [0x16, 3, 1, 0, 0xff, (byte)'\n'], stopped), waitsForHead: false);
        Assert.Equal(new AgentAnswer(AgentOutcome.UnknownWords, new AgentReply(null, null, null, null, 1), "?????"), await Ask(agent));
    }

    [Fact]
    public async Task Ask_CallerGivesUp_HasNoOutcome()
    {
        await using var agent = new ScriptedServer(static async (socket, stopped) => await socket.ReceiveAsync(new byte[1], stopped), waitsForHead: false);
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var asked = new AgentClient(_clock).Ask(To(agent, ""), caller.Token).AsTask();
        await agent.Asked.Task;
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
    }

    private static async Task<int> SendForEver(Socket socket, CancellationToken stopped)
    {
        var chunk = Encoding.ASCII.GetBytes(new string('x', 64 * 1024));
        var sent = 0;
        try
        {
            while (sent < 256 * 1024 * 1024)
                sent += await socket.SendAsync(chunk, stopped);
        }
        catch (SocketException)
        {
            // The client has hung up.
            return sent;
        }

        return sent;
    }

    // Its clock does not go on by itself: an answer that does not come fails the test.
    private Task<AgentAnswer> Ask(ScriptedServer agent, string send = "") =>
        new AgentClient(_clock).Ask(To(agent, send), Cancelled).AsTask().WaitAsync(TimeSpan.FromSeconds(30), Cancelled);

    private static AgentTarget To(ScriptedServer agent, string send) => new(new Uri($"tcp://127.0.0.1:{agent.Port}"), send, Limit, Limit);

    private static ScriptedServer Saying(string text) => new((socket, stopped) => ScriptedServer.Send(socket, text, stopped), waitsForHead: false);
}
