using OrleansLb.Configuration.Timeouts;

namespace OrleansLb.Configuration.Shapes;

/// <summary>The keys of the times that routes may name.</summary>
internal static class TimeoutShapes
{
    public static ObjectShape Timeouts => new(
        strict: true,
        (TimeoutReader.Default, Values.Text),
        (TimeoutReader.Policies, new MapShape(new ObjectShape(
            strict: true,
            (TimeoutReader.Timeout, Values.DurationWithin(TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(1))),
            (TimeoutReader.StatusCode, Values.Status(400))))));
}
