using OrleansLb.Contracts;
using OrleansLb.Contracts.RateLimits;

namespace OrleansLb.Grains.RateLimits;

/// <content>Messages for several ranges.</content>
internal sealed partial class RateLimitRangeGrain
{
    public async ValueTask<LimitReply?[]> ExchangeAll(LimitPost post)
    {
        if (post.Ranges.Length != post.Requests.Length)
            throw new ArgumentException($"{post.Ranges.Length} ranges with {post.Requests.Length} requests.", nameof(post));
        var replies = new LimitReply?[post.Ranges.Length];
        var parts = new Task[replies.Length];
        for (var index = 0; index < parts.Length; index++)
            parts[index] = HandOn(post, index, replies);
        await Task.WhenAll(parts);
        return replies;
    }

    // Takes no time: what others are being told may run meanwhile, and finds the range as this leaves it.
    public ValueTask<LimitReply?> ExchangeAtOnce(LimitRequest request) => new(AnswerAtOnce(request));

    private LimitReply? AnswerAtOnce(LimitRequest request)
    {
        if (_range is not { } range || request.LeastEpoch > range.Epoch || Policy is not { } policy || !policy.Equals(_policy)
            || !frontends.Knows(request.FrontendId, request.Incarnation))
            return null;
        Observe();
        return Handle(range, request);
    }

    // A part that failed may have been heard. What a range is told has a number, which counts once.
    private async Task HandOn(LimitPost post, int index, LimitReply?[] replies)
    {
        var (range, request) = (post.Ranges[index], post.Requests[index]);
        try
        {
            replies[index] = range == _rangeNumber ? AnswerAtOnce(request) : await neighbours.Of(_policyName, range).ExchangeAtOnce(request);
        }
        catch (Exception exception) when (GrainCall.IsFailure(exception))
        {
            LogNotHandedOn(logger, this.GetPrimaryKeyString(), range, exception.Message);
        }
    }
}
