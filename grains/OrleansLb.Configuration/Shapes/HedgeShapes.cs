using OrleansLb.Configuration.Hedging;

namespace OrleansLb.Configuration.Shapes;

/// <summary>The keys that say which slow requests are sent to a second backend.</summary>
internal static class HedgeShapes
{
    public static ObjectShape Hedge => new(
        strict: true,
        (HedgeReader.Delay, Values.DurationWithin(TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1))));
}
