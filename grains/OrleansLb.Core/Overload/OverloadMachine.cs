namespace OrleansLb.Core.Overload;

/// <summary>
/// Decides what a process does without while its memory runs out. From 85 % of its limit on it refuses new requests, from 90 % on new connections as well: what is under way on those that
/// it has goes on to need more for a moment. A process of .NET keeps garbage for as long as there is room, so garbage is collected first, and requests are refused only if that was not enough; and
/// as nothing else would make the memory fall, it is collected again and again until there is room.
/// </summary>
public static class OverloadMachine
{
    /// <summary>Part of the limit from which on new requests are refused.</summary>
    public const double RequestsAbove = 0.85;

    /// <summary>Part of the limit from which on new connections are refused.</summary>
    public const double ConnectionsAbove = 0.9;

    /// <summary>How far below a threshold the memory must fall until what it stopped goes on: nobody shall be let in and out by turns.</summary>
    public const double Slack = 0.05;

    /// <summary>Between two collections, each of which stops everybody for a moment.</summary>
    public static readonly TimeSpan CollectionPause = TimeSpan.FromSeconds(2);

    /// <summary>One look at the memory.</summary>
    /// <param name="state">The outcome of the look before.</param>
    /// <param name="usage">What is used as a part of the limit, 0 or more.</param>
    /// <param name="now">The time, never earlier than before.</param>
    public static OverloadStep Observe(OverloadState state, double usage, TimeSpan now)
    {
        var wanted = Wanted(state.Level, usage);
        var collect = wanted != OverloadLevel.None && (state.CollectedAt is not { } last || now - last >= CollectionPause);
        // Perhaps it is garbage; but nobody waits to find out where there is hardly any room left.
        var mayBeGarbage = collect && state.Level == OverloadLevel.None && wanted == OverloadLevel.Requests;
        return new OverloadStep(new OverloadState(mayBeGarbage ? OverloadLevel.None : wanted, collect ? now : state.CollectedAt), collect);
    }

    private static OverloadLevel Wanted(OverloadLevel level, double usage)
    {
        if (usage >= ConnectionsAbove - (level == OverloadLevel.Connections ? Slack : 0))
            return OverloadLevel.Connections;
        return usage >= RequestsAbove - (level != OverloadLevel.None ? Slack : 0) ? OverloadLevel.Requests : OverloadLevel.None;
    }
}
