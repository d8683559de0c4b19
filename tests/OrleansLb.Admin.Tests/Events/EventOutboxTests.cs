using System.Collections.Immutable;
using OrleansLb.Admin.Events;
using OrleansLb.Contracts.Events;

namespace OrleansLb.Admin.Tests.Events;

public sealed class EventOutboxTests
{
    [Fact]
    public void Return_EventsCameMeanwhile_TheyStayInOrderAndTheOldestGo()
    {
        var outbox = new EventOutbox();
        Assert.Equal(0, outbox.Add(Happen(1, 600)));
        var taken = outbox.TakeAll();
        Assert.True(outbox.IsEmpty);
        Assert.Equal(0, outbox.Add(Happen(601, 500)));

        Assert.Equal(100, outbox.Return(taken));

        Assert.Equal(Enumerable.Range(101, EventOutbox.Capacity), outbox.TakeAll().Select(static happened => (int)happened.Sequence));
    }

    private static ImmutableArray<ClusterEvent> Happen(int first, int count) =>
        [.. Enumerable.Range(first, count).Select(static sequence => new ClusterEvent { Kind = ClusterEventKind.SiloJoined, Source = "a", Sequence = sequence })];
}
