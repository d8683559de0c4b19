using OrleansLb.Core.Concurrency.Keys;

namespace OrleansLb.Core.RateLimiting;

/// <summary>What a new activation learned before it decides anything.</summary>
/// <param name="IsComplete">
/// Whether every front-end that may have used the range within the rule's horizon answered, and each answer was complete. A
/// front-end that stopped or vanished within the horizon makes it false, because what only it was told is gone; so does a share
/// that was set aside within the horizon, because the range then refilled more slowly than the rule says.
/// </param>
/// <param name="NewestEpoch">The highest epoch of the range that anybody was told.</param>
/// <param name="Rows">All rows of all answers; they count only if complete.</param>
public sealed record RestoreOutcome(bool IsComplete, long NewestEpoch, IReadOnlyList<RestoreRow> Rows)
{
    /// <summary>The slots that front-ends hold, of a limit of requests in flight. They count even if others are missing.</summary>
    public IReadOnlyList<KeySlotRecall> Slots { get; init; } = [];

    /// <summary>Nobody could be asked: the next admissions wait until they are safe whatever happened before.</summary>
    public static RestoreOutcome Unknown { get; } = new(false, 0, []);

    /// <summary>It is certain that nobody ever used the range.</summary>
    public static RestoreOutcome NeverUsed { get; } = new(true, 0, []);

    /// <summary>Combines the answers of all front-ends that were asked.</summary>
    /// <param name="everyoneAnswered">Whether all that may have used the range within the horizon are among them.</param>
    /// <param name="answers">The answers.</param>
    public static RestoreOutcome Of(bool everyoneAnswered, IReadOnlyCollection<RestoreAnswer> answers) =>
        new(
            everyoneAnswered && answers.All(static answer => answer.IsComplete),
            answers.Select(static answer => answer.NewestEpoch).DefaultIfEmpty().Max(),
            [.. answers.SelectMany(static answer => answer.Rows)])
        {
            Slots = [.. answers.Select(static answer => answer.Slots).OfType<KeySlotRecall>()],
        };
}
