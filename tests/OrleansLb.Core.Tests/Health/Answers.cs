using OrleansLb.Core.Health;

namespace OrleansLb.Core.Tests.Health;

internal static class Answers
{
    public static ProbeOutcome Good { get; } = new(ProbeOutcomeKind.Success, 200, TimeSpan.FromMilliseconds(1));

    public static ProbeOutcome Refused { get; } = new(ProbeOutcomeKind.Refused, 0, TimeSpan.FromMilliseconds(1));

    public static ProbeOutcome Hangs { get; } = new(ProbeOutcomeKind.TimedOut, 0, TimeSpan.Zero);

    public static ProbeOutcome Unavailable { get; } = new(ProbeOutcomeKind.WrongStatus, 503, TimeSpan.FromMilliseconds(1));

    public static ProbeOutcome NotRun { get; } = new(ProbeOutcomeKind.NotRun, 0, TimeSpan.FromMilliseconds(1));
}
