using OrleansLb.Core.RateLimiting;
using static OrleansLb.Core.Tests.RateLimiting.LimitRules;

namespace OrleansLb.Core.Tests.RateLimiting;

public sealed class RangeChannelTests
{
    private readonly RangeChannel _channel = new("a", 1, Bucket(10, 10), 16);

    [Fact]
    public void AdmittedAlone_OfWhichNoReplyTells_IsNotCompleteForOneHorizon()
    {
        var rule = Window(10, Ms(1000));
        var channel = new RangeChannel("a", 1, rule, 100);
        Assert.True(channel.Restore(2, Ms(100)).IsComplete);
        channel.AdmittedAlone(Ms(200));
        channel.AdmittedAlone(Ms(150));
        Assert.False(channel.Restore(3, Ms(200) + rule.Horizon - Ms(1)).IsComplete);
        Assert.True(channel.Restore(4, Ms(200) + rule.Horizon).IsComplete);
    }

    [Fact]
    public void Reconfigure_OtherAlgorithm_IsNotCompleteForOneHorizon()
    {
        var changed = Window(10, Ms(1000), OrleansLb.Core.Snapshots.RateLimitAlgorithm.FixedWindow);
        var channel = new RangeChannel("a", 1, Window(10, Ms(1000)), 100);
        channel.Reconfigure(changed, Ms(100));
        Assert.False(channel.Restore(2, Ms(100) + changed.Horizon - Ms(1)).IsComplete);
        Assert.True(channel.Restore(3, Ms(100) + changed.Horizon).IsComplete);
    }

    [Fact]
    public void TryAccept_ReplyToTheNewestRequest_OnlyOnce()
    {
        var first = Begin(Ms(0));
        var second = Begin(Ms(10));
        Assert.False(_channel.TryAccept(Reply(first, 1), Ms(11)));
        Assert.True(_channel.TryAccept(Reply(second, 1), Ms(12)));
        Assert.False(_channel.TryAccept(Reply(second, 1), Ms(13)));
    }

    [Fact]
    public void Sent_RequestHadToWait_TheWaitIsNoPartOfTheTrip()
    {
        var request = Begin(Ms(0));
        _channel.Sent(Ms(900));
        _channel.TryAccept(Reply(request, 1), Ms(909));
        Assert.Equal((Ms(900), Ms(2)), (_channel.SentAt, _channel.RoundTrip));
    }

    [Fact]
    public void Sent_NothingIsOutstanding_ChangesNothing()
    {
        _channel.TryAccept(Reply(Begin(Ms(5)), 1), Ms(6));
        _channel.Sent(Ms(900));
        Assert.Equal(Ms(5), _channel.SentAt);
    }

    [Fact]
    public void TryAccept_RequestWasStaleAtTheRange_Refuses() =>
        Assert.False(_channel.TryAccept(Reply(Begin(Ms(0)), 1) with { IsApplied = false }, Ms(1)));

    [Fact]
    public void Begin_AfterAReply_ProvesThatItWasReceived()
    {
        _channel.TryAccept(Reply(Begin(Ms(0)), 4), Ms(1));
        var next = Begin(Ms(2));
        Assert.Equal((4, 1), (next.AckedEpoch, next.AckedSeq));
        Assert.Equal(3, _channel.ShareParts);
    }

    [Fact]
    public void Restore_Answered_RepliesOfEarlierActivationsAreRefused()
    {
        var request = Begin(Ms(0));
        Assert.Empty(_channel.Restore(2, Ms(1)).Rows);
        Assert.False(_channel.TryAccept(Reply(request, 1), Ms(2)));
        Assert.True(_channel.TryAccept(Reply(Begin(Ms(3)), 2), Ms(4)));
    }

    [Fact]
    public void Restore_ProposedEpochIsTooLow_TellsTheHigherOne()
    {
        _channel.TryAccept(Reply(Begin(Ms(0)), 9), Ms(1));
        Assert.Equal(9, _channel.Restore(2, Ms(2)).NewestEpoch);
        Assert.False(_channel.TryAccept(Reply(Begin(Ms(3)), 9), Ms(4)));
    }

    // A question that comes late must not leave the front-end and the range apart for ever.
    [Fact]
    public void Restore_AskedAgainByAnActivationThatHasAnswered_TheNextRequestNamesWhatItTakes()
    {
        _channel.Restore(7, Ms(0));
        _channel.TryAccept(Reply(Begin(Ms(1)), 7), Ms(2));
        Assert.Equal(7, Begin(Ms(3)).LeastEpoch);
        _channel.Restore(7, Ms(4));
        var request = Begin(Ms(5));
        Assert.False(_channel.TryAccept(Reply(request, 7), Ms(6)));
        Assert.Equal(8, request.LeastEpoch);
        Assert.True(_channel.TryAccept(Reply(request, 8), Ms(7)));
    }

    [Fact]
    public void Restore_KeyUsed_TellsTheNewestWitnessAndItsAge()
    {
        _channel.TryAccept(Reply(Begin(Ms(0)), 1, new KeyWitness { Epoch = 1, Version = 5, Tokens = 3 }), Ms(1));
        var row = Assert.Single(_channel.Restore(2, Ms(101)).Rows);
        Assert.Equal(new RestoreRow(Key, new KeyWitness { Epoch = 1, Version = 5, Tokens = 3 }, Ms(100)), row);
    }

    [Fact]
    public void Restore_MoreKeysThanRemembered_IsIncompleteForOneHorizon()
    {
        for (var index = 0; index < 17; index++)
        {
            var request = _channel.Begin([new AcquireEntry(RateLimitKey.Of($"{index}"), 1)], [], [], Ms(index));
            _channel.TryAccept(Reply(request, 1), Ms(index));
        }

        Assert.False(_channel.Restore(2, Ms(100)).IsComplete);
        Assert.True(_channel.Restore(3, Ms(10_000)).IsComplete);
    }

    private RangeRequest Begin(TimeSpan now) => _channel.Begin([new AcquireEntry(Key, 1)], [], [], now);

    private static RangeReply Reply(RangeRequest request, long epoch, KeyWitness witness = default) => new()
    {
        Epoch = epoch,
        Seq = request.Seq,
        IsApplied = true,
        ShareParts = 3,
        Decisions = [new AcquireDecision(true, TimeSpan.Zero, witness with { Epoch = epoch })],
    };
}
