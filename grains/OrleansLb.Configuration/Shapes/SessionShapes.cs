using OrleansLb.Core.Sessions;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Configuration.Shapes;

/// <summary>The keys of a cluster's learned sessions.</summary>
internal static class SessionShapes
{
    public static ObjectShape Session { get; } = new(
        strict: true,
        (nameof(SessionDefinition.Source), Values.OneOf("source", SessionSourceNames.All)),
        (nameof(SessionDefinition.IPv6PrefixLength), Values.Int32Within(1, 128, "bits")),
        (nameof(SessionDefinition.IdleTimeout), Values.DurationWithin(TimeSpan.FromMinutes(1), TimeSpan.FromDays(7))),
        (nameof(SessionDefinition.BindTimeout), Values.DurationWithin(TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1))),
        (nameof(SessionDefinition.MaxSessions), Values.Int32Within(SessionKey.RangeCount, 10_000_000, "sessions")));
}
