using OrleansLb.Contracts.RateLimits;

namespace OrleansLb.Frontend.Tests.RateLimiting;

/// <summary>A call that one of the <see cref="TestRanges"/> was asked with.</summary>
internal sealed class RangeCall(int[] ranges, LimitRequest[] requests, CallKind kind, TestRanges owner)
{
    private readonly TaskCompletionSource<LimitReply?[]> _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int[] Ranges => ranges;

    public LimitRequest[] Requests => requests;

    public CallKind Kind => kind;

    public Task<LimitReply?[]> Answered => _answered.Task;

    /// <summary>Lets all of its ranges answer, but for some.</summary>
    public void Answer(params int[] butFor) =>
        _answered.SetResult([.. ranges.Zip(requests, (range, request) => butFor.Contains(range) ? null : owner.Reply(request))]);

    public void AnswerNothing() => _answered.SetResult([]);

    public void Fail() => Fail(new TimeoutException("The silo does not answer."));

    public void Fail(Exception exception) => _answered.SetException(exception);
}
