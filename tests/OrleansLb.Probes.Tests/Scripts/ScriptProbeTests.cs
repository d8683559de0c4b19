using System.Collections.Immutable;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using OrleansLb.Core.Health;
using OrleansLb.Core.Snapshots;
using OrleansLb.Probes.Scripts;
using OrleansLb.Probes.Tests.Network;
using OrleansLb.Probes.Tests.Servers;

namespace OrleansLb.Probes.Tests.Scripts;

public sealed class ScriptProbeTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);
    private static readonly ImmutableArray<ScriptStep> Ping = [Send("PING\\r\\n"), Expect("+PONG")];

    private readonly FakeTimeProvider _clock = new();
    private readonly Prober _prober;

    public ScriptProbeTests() => _prober = new Prober(_clock);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _prober.Dispose();

    [Fact]
    public async Task Run_RedisPing_SucceedsOnPong()
    {
        await using var server = Talking(["+PONG\r\n"], "PING\r\n");
        Assert.Equal(ProbeOutcomeKind.Success, (await Run(server, Ping)).Kind);
    }

    [Fact]
    public async Task Run_SmtpBanner_SucceedsAndTakesItsLeave()
    {
        await using var server = Talking(["220 mail.test ESMTP\r\n", "221 bye\r\n"], "QUIT\r\n", serverBegins: true);
        Assert.Equal(ProbeOutcomeKind.Success, (await Run(server, [Regex("^220[ -].*\r\n"), Send("QUIT\\r\\n"), Expect("221 ")])).Kind);
    }

    [Theory]
    [InlineData("S", ProbeOutcomeKind.Success)]
    [InlineData("N", ProbeOutcomeKind.Success)]
    [InlineData("E", ProbeOutcomeKind.WrongContent)]
    public async Task Run_PostgresSslRequest_SucceedsOnEitherAnswer(string answer, ProbeOutcomeKind kind)
    {
        await using var server = Talking([answer], "\0\0\0\u0008\u0004\u00d2\u0016/", hangsUp: true);
        Assert.Equal(kind, (await Run(server, [Send("\\0\\0\\0\\x08\\x04\\xD2\\x16/"), Regex("^[SN]")])).Kind);
    }

    [Fact]
    public async Task Run_PostgresStartup_SucceedsWhenAuthenticationIsAskedFor()
    {
        const string Startup = "\0\0\0\u0014\0\u0003\0\0user\0probe\0\0";
        await using var server = Talking(["R\0\0\0\u000c\0\0\0\u0005salt"], Startup);
        Assert.Equal(ProbeOutcomeKind.Success, (await Run(server, [Send("\\0\\0\\0\\x14\\0\\x03\\0\\0user\\0probe\\0\\0"), Regex("^R\\x00\\x00\\x00")])).Kind);
    }

    [Fact]
    public async Task Run_AnswerComesInPieces_IsPutTogether()
    {
        await using var server = Talking(["+", "PO", "NG\r\n"], "PING\r\n");
        Assert.Equal(ProbeOutcomeKind.Success, (await Run(server, Ping)).Kind);
    }

    [Fact]
    public async Task Run_LaterStep_SeesOnlyWhatEarlierOnesLeft()
    {
        await using var server = Talking(["one two"], "", serverBegins: true, hangsUp: true);
        Assert.Equal(ProbeOutcomeKind.Success, (await Run(server, [Expect("one"), Expect(" "), Regex("^two$")])).Kind);
        await using var again = Talking(["one two"], "", serverBegins: true, hangsUp: true);
        Assert.Equal(ProbeOutcomeKind.Reset, (await Run(again, [Expect("two"), Expect("one")])).Kind);
    }

    [Fact]
    public async Task Run_NothingIsExpected_SucceedsOnceItIsSent()
    {
        await using var server = Talking([], "HELLO");
        Assert.Equal(ProbeOutcomeKind.Success, (await Run(server, [Send("HELLO")])).Kind);
    }

    [Fact]
    public async Task Run_SomethingElseAndThenSilence_IsWrongContentAfterTheTimeout()
    {
        await using var server = Talking(["-LOADING Redis is loading the dataset in memory\r\n"], "PING\r\n");
        var network = new ReadSignal();
        using var prober = new Prober(_clock, network);
        var probe = prober.Run(To(server, Ping), Cancelled).AsTask();
        await network.Next(Cancelled);
        Assert.False(probe.IsCompleted);
        _clock.Advance(Limit);
        Assert.Equal(ProbeOutcomeKind.WrongContent, (await probe).Kind);
    }

    [Fact]
    public async Task Run_OneByteASecond_IsWrongContentAfterTheTimeout()
    {
        var network = new ReadSignal();
        using var prober = new Prober(_clock, network);
        await using var server = new ScriptedServer(
            async (socket, stopped) =>
            {
                while (true)
                {
                    await ScriptedServer.Send(socket, "x", stopped);
                    await network.Next(stopped);
                    _clock.Advance(TimeSpan.FromSeconds(1));
                }
            },
            waitsForHead: false);
        Assert.Equal(ProbeOutcomeKind.WrongContent, (await prober.Run(To(server, [Expect("y")]), Cancelled)).Kind);
    }

    [Fact]
    public async Task Run_Silence_TimesOutAfterTheTimeout()
    {
        var heard = new TaskCompletionSource();
        await using var server = new ScriptedServer(
            async (socket, stopped) =>
            {
                await Hear(socket, "PING\r\n", stopped);
                heard.SetResult();
                await Task.Delay(Timeout.Infinite, stopped);
            },
            waitsForHead: false);
        var probe = Run(server, Ping);
        await heard.Task;
        Assert.False(probe.IsCompleted);
        _clock.Advance(Limit);
        Assert.Equal(ProbeOutcomeKind.TimedOut, (await probe).Kind);
    }

    [Fact]
    public async Task Run_MoreThanAHundredPieces_AreWrongContent()
    {
        var network = new ReadSignal();
        using var prober = new Prober(_clock, network);
        var sent = 0;
        await using var server = new ScriptedServer(
            async (socket, stopped) =>
            {
                for (; sent < 3000; sent++)
                {
                    await ScriptedServer.Send(socket, "x", stopped);
                    await network.Next(stopped);
                }
            },
            waitsForHead: false);
        Assert.Equal(ProbeOutcomeKind.WrongContent, (await prober.Run(To(server, [Expect("y")]), Cancelled)).Kind);
        Assert.InRange(sent, 120, 140);
    }

    [Fact]
    public async Task Run_Megabytes_AreWrongContentAfterTheFirst64KiB()
    {
        var sent = 0;
        await using var server = new ScriptedServer(
            async (socket, stopped) =>
            {
                for (var piece = new byte[64 * 1024]; sent < 64 * 1024 * 1024; sent += piece.Length)
                    await ScriptedServer.Send(socket, piece, stopped);
            },
            waitsForHead: false);
        Assert.Equal(ProbeOutcomeKind.WrongContent, (await Run(server, [Expect("y")])).Kind);
        Assert.True(sent < 64 * 1024 * 1024, "everything was taken");
    }

    [Theory]
    [InlineData("", ProbeOutcomeKind.Reset)]
    [InlineData("+PO", ProbeOutcomeKind.WrongContent)]
    public async Task Run_ServerHangsUp_IsResetUnlessItSaidSomethingElse(string answer, ProbeOutcomeKind kind)
    {
        await using var server = Talking([answer], "PING\r\n", hangsUp: true);
        Assert.Equal(kind, (await Run(server, Ping)).Kind);
    }

    [Fact]
    public async Task Run_ConnectionIsReset_IsReset()
    {
        await using var server = new ScriptedServer(
            static (socket, _) =>
            {
                ScriptedServer.Reset(socket);
                return Task.CompletedTask;
            },
            waitsForHead: false);
        Assert.Equal(ProbeOutcomeKind.Reset, (await Run(server, [Expect("+")])).Kind);
    }

    [Fact]
    public async Task Run_NobodyListens_IsRefused()
    {
        var server = Talking([], "");
        var port = server.Port;
        await server.DisposeAsync();
        Assert.Equal(ProbeOutcomeKind.Refused, (await _prober.Run(new ScriptProbeTarget("127.0.0.1", port, Ping, Limit), Cancelled)).Kind);
    }

    [Fact]
    public async Task Run_TlsAlert_IsWrongContent()
    {
        await using var server = new ScriptedServer(static (socket, stopped) => ScriptedServer.Send(socket, TlsBytes.Alert, stopped), waitsForHead: false);
        Assert.Equal(ProbeOutcomeKind.WrongContent, (await Run(server, [Expect("220")])).Kind);
    }

    [Fact]
    public async Task Run_CallerGivesUpAfterSomethingElse_Throws()
    {
        await using var server = Talking(["-ERR\r\n"], "PING\r\n");
        using var give = new CancellationTokenSource();
        var network = new ReadSignal();
        using var prober = new Prober(_clock, network);
        var probe = prober.Run(To(server, Ping), give.Token).AsTask();
        await network.Next(Cancelled);
        await give.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => probe);
    }

    [Theory]
    [InlineData(ScriptStepKind.Send, "\\q")]
    [InlineData(ScriptStepKind.ExpectRegex, "(")]
    public void Target_StepThatCannotBePrepared_Throws(ScriptStepKind kind, string text) =>
        Assert.Throws<FormatException>(() => new ScriptProbeTarget("127.0.0.1", 1, [new ScriptStep(kind, text)], Limit));

    private static ScriptStep Send(string text) => new(ScriptStepKind.Send, text);

    private static ScriptStep Expect(string text) => new(ScriptStepKind.Expect, text);

    private static ScriptStep Regex(string text) => new(ScriptStepKind.ExpectRegex, text);

    private static ScriptProbeTarget To(ScriptedServer server, ImmutableArray<ScriptStep> steps) => new("127.0.0.1", server.Port, steps, Limit);

    private Task<ProbeOutcome> Run(ScriptedServer server, ImmutableArray<ScriptStep> steps) => _prober.Run(To(server, steps), Cancelled).AsTask();

    /// <summary>A server that hears what it expects, then says its pieces one after another, and stays on the line unless it hangs up.</summary>
    private static ScriptedServer Talking(string[] answers, string hears, bool serverBegins = false, bool hangsUp = false) => new(
        async (socket, stopped) =>
        {
            if (!serverBegins) await Hear(socket, hears, stopped);
            foreach (var answer in answers)
            {
                await ScriptedServer.Send(socket, Encoding.Latin1.GetBytes(answer), stopped);
                if (serverBegins && answer != answers[^1]) await Hear(socket, hears, stopped);
            }

            if (!hangsUp) await Task.Delay(Timeout.Infinite, stopped);
        },
        waitsForHead: false);

    private static async Task Hear(Socket socket, string expected, CancellationToken stopped)
    {
        var heard = new byte[expected.Length];
        for (var length = 0; length < heard.Length;)
        {
            var read = await socket.ReceiveAsync(heard.AsMemory(length), stopped);
            if (read == 0) break;
            length += read;
        }

        Assert.Equal(expected, Encoding.Latin1.GetString(heard));
    }
}
