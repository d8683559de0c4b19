using CsCheck;
using OrleansLb.Simulation.Events;

namespace OrleansLb.Simulation.Tests.Events;

public sealed class EventQueueTests
{
    [Fact]
    public void EventsHappenInTheOrderOfTheirTimeAndThenOfTheirPlanning() =>
        Gen.Int[0, 20].Array[0, 600].Sample(static times =>
        {
            var queue = new EventQueue();
            for (var i = 0; i < times.Length; i++)
                queue.Plan(times[i], EventKind.Wake, i);
            var happened = times.Select(_ => queue.Next().Subject).ToArray();
            return queue.Count == 0 && happened.SequenceEqual(Enumerable.Range(0, times.Length).OrderBy(i => times[i]).ThenBy(static i => i));
        });

    [Fact]
    public void PlanningBetweenEvents_KeepsTheOrder() =>
        Gen.Double[0, 1].Array[1, 300].Sample(static steps =>
        {
            var queue = new EventQueue();
            queue.Plan(0, EventKind.Wake);
            var last = 0.0;
            foreach (var step in steps)
            {
                var now = queue.Next().Time;
                if (now < last)
                    return false;
                last = now;
                queue.Plan(now + step, EventKind.Wake);
                queue.Plan(now + (step / 2), EventKind.Wake);
            }

            return true;
        });
}
