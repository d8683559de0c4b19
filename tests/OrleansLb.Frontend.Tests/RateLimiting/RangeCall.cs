using OrleansLb.Contracts.RateLimits;

namespace OrleansLb.Frontend.Tests.RateLimiting;

/// <summary>A call that one of the <see cref="TestRanges"/> was asked with.</summary>
internal sealed class RangeCall(int[] ranges, LimitRequest[] requests, bool isMessage, TestRanges owner)
{
    private readonly TaskCompletionSource<LimitReply?[]> _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int[] Ranges => ranges;

    public LimitRequest[] Requests => requests;

    /// <summary>Whether it is for all of its ranges together.</summary>
    public bool IsMessage => isMessage;

    public Task<LimitReply?[]> Answered => _answered.Task;

    /// <summary>Lets all of its ranges answer, but for some.</summary>
    public void Answer(params int[] butFor) =>
        _answered.SetResult([.. ranges.Zip(requests, (range, request) => butFor.Contains(range) ? null : owner.Reply(request))]);

    public void AnswerNothing() => _answered.SetResult([]);

    public void Fail() => _answered.SetException(new TimeoutException("The silo does not answer."));
}
