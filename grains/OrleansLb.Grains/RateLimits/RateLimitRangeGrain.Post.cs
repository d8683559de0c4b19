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

    // A range that is not here has to be asked by itself: the way to it may be long, and all others would wait.
    private async Task HandOn(LimitPost post, int index, LimitReply?[] replies)
    {
        var (range, request) = (post.Ranges[index], post.Requests[index]);
        if (neighbours.Find(_policyName, range) is not { } neighbour)
            return;
        try
        {
            replies[index] = range == _rangeNumber ? AnswerAtOnce(request) : await neighbour.ExchangeAtOnce(request);
        }
        catch (Exception exception) when (GrainCall.IsFailure(exception))
        {
            // It may have been heard, so that nothing but a new number can be said again.
            replies[index] = new LimitReply { Epoch = 0, Seq = request.Seq, Applied = false, ShareParts = 0 };
            LogNotHandedOn(logger, this.GetPrimaryKeyString(), range, exception.Message);
        }
    }
}
