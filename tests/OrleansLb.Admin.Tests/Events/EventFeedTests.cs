using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using OrleansLb.Admin.Events;
using OrleansLb.Contracts.Events;

namespace OrleansLb.Admin.Tests.Events;

public sealed class EventFeedTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().AddSingleton<EventFeedMetrics>().AddSingleton<EventFeed>().BuildServiceProvider();

    private EventFeed Feed => _services.GetRequiredService<EventFeed>();

    public void Dispose() => _services.Dispose();

    [Fact]
    public void Take_MoreThanAThousand_OldestAreForgotten()
    {
        Feed.Take(Happen("a", 1, 1500));
        Assert.Equal(Enumerable.Range(501, 1000), Feed.Last(EventFeed.Capacity).Select(static happened => (int)happened.Sequence));
        Assert.Equal([1499, 1500], Feed.Last(2).Select(static happened => (int)happened.Sequence));
    }

    [Fact]
    public void Take_Repeated_IsTakenOnceAndAnotherSourceIsNot()
    {
        Feed.Take(Happen("a", 1, 3));
        Feed.Take(Happen("a", 2, 3));
        Feed.Take(Happen("b", 1, 1));
        Assert.Equal(["a1", "a2", "a3", "a4", "b1"], Feed.Last(10).Select(static happened => $"{happened.Source}{happened.Sequence}"));
    }

    [Fact]
    public void Take_ReaderDoesNotKeepUp_IsGivenUpAndCountedAndOthersReadOn()
    {
        using var dropped = Collect("orleanslb.events.readers_dropped");
        using var slow = Feed.Open()!;
        using var brisk = Feed.Open()!;
        for (var i = 1; i <= EventReader.Backlog + 1; i++)
        {
            Feed.Take(Happen("a", i, 1));
            Assert.True(brisk.Events.TryRead(out var happened));
            Assert.Equal(i, happened.Sequence);
        }

        Assert.True(slow.Dropped.IsCancellationRequested);
        Assert.False(slow.Events.TryRead(out _));
        Assert.True(slow.Events.Completion.IsCompleted);
        Assert.False(brisk.Dropped.IsCancellationRequested);
        Assert.Equal(1, dropped.GetMeasurementSnapshot().EvaluateAsCounter());
    }

    [Fact]
    public void Open_TooMany_IsRefusedUntilOneLeaves()
    {
        using var count = Collect("orleanslb.events.reader");
        var readers = Enumerable.Range(0, EventFeed.MostReaders).Select(_ => Feed.Open()!).ToArray();
        Assert.Null(Feed.Open());
        readers[0].Dispose();
        using var next = Feed.Open();
        Assert.NotNull(next);
        foreach (var reader in readers[1..])
            reader.Dispose();
        Assert.Equal(1, count.GetMeasurementSnapshot().EvaluateAsCounter());
    }

    [Fact]
    public void Take_ManySources_AreNotRememberedForEver()
    {
        for (var i = 0; i < 10_000; i++)
            Feed.Take(Happen($"silo-{i}", 1, 1));
        Assert.Equal(EventFeed.Capacity, Feed.Last(int.MaxValue).Count);
    }

    [Fact]
    public void Restore_EventsWereHeardBefore_ComesBeforeThemAndNothingTwice()
    {
        Feed.Take(Happen("a", 3, 2));
        Assert.False(Feed.Restored.IsCompleted);

        Feed.Restore([.. Happen("z", 1, 1), .. Happen("a", 1, 3)]);
        Feed.Take(Happen("a", 1, 5));

        Assert.True(Feed.Restored.IsCompleted);
        Assert.Equal(["z1", "a1", "a2", "a3", "a4", "a5"], Feed.Last(10).Select(static happened => $"{happened.Source}{happened.Sequence}"));
    }

    [Fact]
    public void Restore_MoreThanAThousand_NewestStay()
    {
        Feed.Take(Happen("b", 1, 10));
        Feed.Restore(Happen("a", 1, 1000));
        Assert.Equal(("a11", "b10"), ($"{Feed.Last(1000)[0].Source}{Feed.Last(1000)[0].Sequence}", $"{Feed.Last(1)[0].Source}{Feed.Last(1)[0].Sequence}"));
    }

    [Fact]
    public void Open_AfterAnEvent_HasWhatHappenedSinceAndSaysWhetherSomeMayBeMissing()
    {
        Feed.Take(Happen("a", 1, 5));
        using var known = Feed.Open(103)!;
        using var unknown = Feed.Open(7)!;
        using var newest = Feed.Open(105)!;
        using var live = Feed.Open()!;

        Assert.Equal([104, 105], known.Before.Select(static happened => happened.Id));
        Assert.False(known.MayMiss);
        Assert.Equal((5, true), (unknown.Before.Count, unknown.MayMiss));
        Assert.Equal((0, false), (newest.Before.Count, newest.MayMiss));
        Assert.Equal((0, false), (live.Before.Count, live.MayMiss));
        Assert.Equal([105], Feed.Last(1, after: 103).Select(static happened => happened.Id));
    }

    private MetricCollector<long> Collect(string instrument) =>
        new(_services.GetRequiredService<IMeterFactory>(), EventFeedMetrics.MeterName, instrument);

    private static ImmutableArray<ClusterEvent> Happen(string source, int first, int count) =>
        [.. Enumerable.Range(first, count).Select(sequence => new ClusterEvent { Kind = ClusterEventKind.SiloJoined, Source = source, Sequence = sequence, Id = 100 + sequence })];
}
