using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace OrleansLb.Admin.Tests;

public sealed class ClusterGuardTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly DefaultHttpContext _context = new();
    private readonly ClusterGuard _guard;

    public ClusterGuardTests() => _guard = new ClusterGuard(_clock, NullLogger<ClusterGuard>.Instance);

    [Fact]
    public async Task Run_ClusterNeverAnswers_503WithinFiveSeconds()
    {
        var answer = _guard.Run(_context, static () => new TaskCompletionSource<IResult>().Task);
        _clock.Advance(TimeSpan.FromSeconds(4));
        Assert.False(answer.IsCompleted, "Grains may need seconds to come back.");
        _clock.Advance(TimeSpan.FromSeconds(1));
        AssertUnavailable(await answer.WaitAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Run_GrainThrowsWhatItsStoreThrew_503() =>
        AssertUnavailable(await _guard.Run(_context, static () => throw new IOException("The store is away.")));

    [Fact]
    public async Task Run_RequestIsBad_IsNotTheClusters() =>
        await Assert.ThrowsAsync<BadHttpRequestException>(() => _guard.Run(_context, static () => throw new BadHttpRequestException("Too long.")));

    [Fact]
    public async Task Run_ClientIsGone_NobodyIsTold()
    {
        using var gone = new CancellationTokenSource();
        _context.RequestAborted = gone.Token;
        var answer = _guard.Run(_context, static () => new TaskCompletionSource<IResult>().Task);
        await gone.CancelAsync();
        await Assert.ThrowsAsync<TaskCanceledException>(() => answer);
    }

    private void AssertUnavailable(IResult result)
    {
        Assert.Equal(StatusCodes.Status503ServiceUnavailable, Assert.IsType<ProblemHttpResult>(result).StatusCode);
        Assert.Equal("2", _context.Response.Headers.RetryAfter);
    }
}
