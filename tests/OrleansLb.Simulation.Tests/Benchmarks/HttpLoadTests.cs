using System.Net;
using System.Text;
using OrleansLb.LoadGenerator.Load;

namespace OrleansLb.Simulation.Tests.Benchmarks;

/// <summary>
/// The load and the plain backend, over real sockets. By themselves: the load gives up a second after its end, and simulations beside it keep every thread of the pool busy for longer.
/// </summary>
[CollectionDefinition(nameof(HttpLoadTests), DisableParallelization = true)]
[Collection(nameof(HttpLoadTests))]
public sealed class HttpLoadTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(200);

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n\r\n", 100)]
    [InlineData("GET /bytes/3000000 HTTP/1.1\r\nHost: x\r\n\r\n", 3_000_000)]
    [InlineData("GET /bytes/nonsense HTTP/1.1\r\nHost: x\r\n\r\n", 100)]
    public async Task Run_PlainBackend_AnswersWithWhatWasAskedFor(string request, int length)
    {
        await using var backend = new RunningBackend();
        using var client = new HttpClient();
        Assert.Equal(length, (await client.GetByteArrayAsync(new Uri($"http://127.0.0.1:{backend.Address.Port}{request.Split(' ')[1]}"), TestContext.Current.CancellationToken)).Length);
        var result = Run(backend.Address, Pace.Fixed(50, TimeProvider.System.TimestampFrequency), [request, request]);
        Assert.Equal((10, 0, 0), (result.Answered, result.Failed, result.Unanswered));
        Assert.Equal(10, result.Times.Count);
    }

    [Fact]
    public async Task Run_Upload_IsReadToItsEnd()
    {
        await using var backend = new RunningBackend();
        var upload = $"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5000000\r\n\r\n{new string('x', 5_000_000)}";
        Assert.Equal((10, 0), Counts(Run(backend.Address, Pace.Fixed(50, TimeProvider.System.TimestampFrequency), [upload, upload])));
    }

    [Fact]
    public async Task Run_Saturating_AsksAgainAsSoonAsThereIsAnAnswer()
    {
        await using var backend = new RunningBackend();
        var result = Run(backend.Address, Pace.Saturating, ["GET / HTTP/1.1\r\nHost: x\r\n\r\n"]);
        Assert.True(result.Answered > 10, $"{result.Answered} answers on one connection.");
        Assert.Equal((0, 0), (result.Failed, result.Unanswered));
    }

    [Fact]
    public async Task Run_ServerThatStandsStill_ChargesEveryRequestOfThatTime()
    {
        await using var server = new ScriptedServer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", TimeSpan.FromMilliseconds(400));
        var result = Run(server.Address, Pace.Fixed(100, TimeProvider.System.TimestampFrequency), ["GET / HTTP/1.1\r\n\r\n"]);
        // The last of them was due 190 ms after the first, so it waited for the first one's answer like all of them.
        Assert.Equal((20, 0), Counts(result));
        Assert.True(result.Times.Quantile(0) > 200, $"The quickest took {result.Times.Quantile(0)} ms.");
    }

    [Fact]
    public async Task Run_ServerThatNeverAnswers_ChargesWhatWasDueWithTheWait()
    {
        await using var server = new ScriptedServer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", Timeout.InfiniteTimeSpan);
        var result = Run(server.Address, Pace.Fixed(100, TimeProvider.System.TimestampFrequency), ["GET / HTTP/1.1\r\n\r\n"]);
        Assert.Equal((0, 20, 20), (result.Answered, result.Unanswered, result.Times.Count));
        Assert.True(result.Times.Quantile(0) > 990, $"The quickest waited {result.Times.Quantile(0)} ms.");
    }

    [Theory]
    [InlineData("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 503 Service Unavailable")]
    [InlineData("", "The connection broke before the answer: Success.")]
    public async Task Run_ServerThatFails_SaysHow(string answer, string failure)
    {
        await using var server = new ScriptedServer(answer, TimeSpan.Zero);
        var result = Run(server.Address, Pace.Fixed(100, TimeProvider.System.TimestampFrequency), ["GET / HTTP/1.1\r\n\r\n"]);
        Assert.Equal((0, 20, failure), (result.Answered, result.Failed, result.FirstFailure));
    }

    [Fact]
    public async Task Run_ServerThatCloses_ConnectsAnew()
    {
        await using var server = new ScriptedServer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", TimeSpan.Zero);
        var result = Run(server.Address, Pace.Fixed(100, TimeProvider.System.TimestampFrequency), ["GET / HTTP/1.1\r\n\r\n"]);
        Assert.Equal((20, 0), Counts(result));
        Assert.Equal(21, await server.Connections(21));
    }

    [Fact]
    public async Task Run_AConnectionForEachRequest_ConnectsAnew()
    {
        await using var server = new ScriptedServer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", TimeSpan.Zero);
        var result = Run(server.Address, Pace.Fixed(100, TimeProvider.System.TimestampFrequency), ["GET / HTTP/1.1\r\n\r\n"], anew: true);
        Assert.Equal((20, 0), Counts(result));
        Assert.Equal(21, await server.Connections(21));
    }

    [Fact]
    public async Task Run_Cancelled_Ends()
    {
        await using var backend = new RunningBackend();
        using var load = new HttpLoad(backend.Address, [Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\n\r\n")]);
        Assert.Throws<OperationCanceledException>(() => load.Run(Pace.Saturating, TimeSpan.FromHours(1), new CancellationToken(canceled: true)));
    }

    private static LoadResult Run(IPEndPoint server, Pace pace, string[] requests, bool anew = false)
    {
        using var load = new HttpLoad(server, [.. requests.Select(Encoding.ASCII.GetBytes)], new ClientStyle(anew));
        return load.Run(pace, Short, TestContext.Current.CancellationToken);
    }

    private static (long Answered, long Failed) Counts(LoadResult result) => (result.Answered, result.Failed);
}
