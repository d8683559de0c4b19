using System.Collections.Immutable;
using OrleansLb.Core.Affinity;
using OrleansLb.Core.Configuration.Rollbacks;

namespace OrleansLb.Core.Configuration;

/// <summary>
/// Decides which configuration is in force. Files of silos and changes by administrators are submissions to one line of
/// versions, and the last accepted one wins. A file is news only when it differs from what the same silo submitted before:
/// a silo that restarts or joins with an old file overwrites nothing.
/// </summary>
public static class ConfigurationMachine
{
    /// <summary>How many versions the history holds.</summary>
    public const int MaxVersions = 20;

    /// <summary>How many bytes of packed settings the history holds besides the version in force: 8 MiB, written with every change.</summary>
    public const long MaxHistoryBytes = 8L * 1024 * 1024;

    /// <summary>How many silos' files are remembered; the ones heard of longest ago are forgotten first.</summary>
    public const int MaxFiles = 1_024;

    /// <summary>What would become of a submission, so that one which changes nothing need not be compiled.</summary>
    /// <param name="state">The line of versions.</param>
    /// <param name="kind">Whether a file or an administrator hands it in.</param>
    /// <param name="source">Name of the silo or administrator.</param>
    /// <param name="digest">SHA-256 of the settings in hex.</param>
    public static SubmissionOutcome Judge(ConfigurationState state, SubmissionKind kind, string source, string digest)
    {
        if (state.Version == 0)
            return SubmissionOutcome.Accepted;
        if (state.Digest == digest)
            return SubmissionOutcome.Unchanged;
        if (kind == SubmissionKind.Administrator)
            return SubmissionOutcome.Accepted;
        if (state.Barred == digest)
            return SubmissionOutcome.TakenBack;
        return LastDigestOf(state, source) switch
        {
            null => SubmissionOutcome.Divergent,
            var last when last == digest => SubmissionOutcome.Unchanged,
            _ => SubmissionOutcome.Accepted,
        };
    }

    /// <summary>Hands a valid configuration in.</summary>
    /// <param name="state">The line of versions.</param>
    /// <param name="submission">What is handed in, compiled as <see cref="ConfigurationState.NextVersion"/>.</param>
    /// <returns>The state after it, which is to be stored before anybody is told, and what became of it.</returns>
    public static ConfigurationStep Submit(ConfigurationState state, ConfigurationSubmission submission)
    {
        var outcome = Judge(state, submission.Kind, submission.Source, submission.Digest);
        var next = outcome == SubmissionOutcome.Accepted ? Accept(state, submission) : state;
        if (submission.Kind == SubmissionKind.File)
            next = Remember(next, submission.Source, submission.Digest);
        return new ConfigurationStep(next, outcome);
    }

    /// <summary>Takes note of a file that was not compiled because <see cref="Judge"/> said it changes nothing.</summary>
    /// <param name="state">The line of versions.</param>
    /// <param name="source">Name of the silo.</param>
    /// <param name="digest">SHA-256 of the file's settings in hex.</param>
    /// <returns>The state after it: the same instance when there is nothing to write.</returns>
    public static ConfigurationState Remember(ConfigurationState state, string source, string digest)
    {
        if (LastDigestOf(state, source) == digest)
            return state;
        var others = state.Files.Where(file => file.Source != source).TakeLast(MaxFiles - 1);
        // Whoever takes it out of a file and puts it in again means it.
        var isTakenOut = state.Barred.Length > 0 && LastDigestOf(state, source) == state.Barred;
        return state with { Files = [.. others, new SubmittedFile(source, digest)], Barred = isTakenOut ? "" : state.Barred };
    }

    /// <summary>Returns to a version of the history, as a new version.</summary>
    /// <param name="state">The line of versions.</param>
    /// <param name="version">The version to return to.</param>
    /// <param name="generations">The ledger once its settings are in force, advanced with <see cref="ConfigurationState.NextVersion"/>.</param>
    /// <param name="source">Name of the administrator.</param>
    /// <param name="when">Now, for people to read.</param>
    /// <returns>The state after it and what became of it: <see cref="SubmissionOutcome.UnknownVersion"/> when the history has no such version.</returns>
    public static ConfigurationStep RollBack(
        ConfigurationState state,
        long version,
        GenerationLedger generations,
        string source,
        DateTimeOffset when) =>
        state.Find(version) is { } entry
            ? Submit(state, new ConfigurationSubmission(SubmissionKind.Administrator, source, entry.Digest, entry.Settings, generations, when))
            : new ConfigurationStep(state, SubmissionOutcome.UnknownVersion);

    /// <summary>Takes the version on trial back: what had proven itself before it is in force again, as a new version that is not judged.</summary>
    /// <param name="state">The line of versions, with a trial whose <see cref="ConfigurationTrial.ReturnTo"/> is in the history.</param>
    /// <param name="after">How requests went under the version on trial.</param>
    /// <param name="generations">The ledger once the earlier settings are in force, advanced with <see cref="ConfigurationState.NextVersion"/>.</param>
    /// <param name="source">What the history names as the source.</param>
    /// <param name="when">Now, for people to read.</param>
    /// <returns>The state after it: the same instance when there is no trial, or nothing to return to.</returns>
    public static ConfigurationState TakeBack(ConfigurationState state, RequestCount after, GenerationLedger generations, string source, DateTimeOffset when)
    {
        if (state.Trial is not { } trial || state.Find(trial.ReturnTo) is not { } entry)
            return state;
        var accepted = Accept(state, new ConfigurationSubmission(SubmissionKind.Administrator, source, entry.Digest, entry.Settings, generations, when));
        return accepted with
        {
            LastRollback = new ConfigurationRollback(trial.Version, trial.ReturnTo, accepted.Version, when, trial.Before, after),
            Barred = state.Digest,
        };
    }

    /// <summary>The version in force needs no further proof.</summary>
    /// <param name="state">The line of versions.</param>
    /// <returns>The state after it: the same instance when there was no trial.</returns>
    public static ConfigurationState EndTrial(ConfigurationState state) => state.Trial is null ? state : state with { Trial = null };

    /// <summary>
    /// Takes note of a version that a front-end or a file says was in force. A line whose store was lost continues above it:
    /// no number ever means two configurations.
    /// </summary>
    /// <param name="state">The line of versions.</param>
    /// <param name="version">The version reported.</param>
    /// <returns>The state after it: the same instance when there is nothing to write.</returns>
    public static ConfigurationState Report(ConfigurationState state, long version) =>
        version > Math.Max(state.Version, state.HighestReported) ? state with { HighestReported = version } : state;

    /// <summary>Gives the key ring a number of its own on the line, so that front-ends fetch it as they fetch settings.</summary>
    /// <param name="state">The line of versions.</param>
    /// <param name="keys">The ring in force from now on.</param>
    /// <param name="now">The time: what sealed until now opens cookies for one period from now.</param>
    /// <returns>The state after it: the same instance when the ring is the same or nothing was ever accepted.</returns>
    public static ConfigurationState ReplaceKeys(ConfigurationState state, KeyRing keys, DateTimeOffset now) =>
        state.Version == 0 || ReferenceEquals(state.Keys, keys)
            ? state
            : state with { Keys = keys, KeysSince = now, Version = state.NextVersion, HighestReported = state.NextVersion };

    /// <summary>Whether the ring is old enough for a new key, and the last new key has arrived everywhere.</summary>
    /// <param name="state">The line of versions.</param>
    /// <param name="period">How old it may become; zero for any age.</param>
    /// <param name="now">The time. When the clock was set back, a ring from the future waits.</param>
    public static bool IsRotationDue(ConfigurationState state, TimeSpan period, DateTimeOffset now) =>
        period > TimeSpan.Zero && KeyRingMachine.MayRotate(state.Keys) && state.KeysSince != default && now - state.KeysSince >= period;

    /// <summary>
    /// Gives what is in force a number above every reported one. A front-end that serves a higher number, from before the store was
    /// lost, would otherwise never take a version of this line.
    /// </summary>
    /// <param name="state">A line with <see cref="ConfigurationState.HighestReported"/> above its version.</param>
    /// <param name="generations">A new ledger, advanced with <see cref="ConfigurationState.NextVersion"/>: the old numbers may have been used before.</param>
    /// <returns>The state after it: the same instance when no number above is reported.</returns>
    public static ConfigurationState Renumber(ConfigurationState state, GenerationLedger generations) =>
        state.Version == 0 || state.HighestReported <= state.Version
            ? state
            : state with { Generations = generations, Version = state.NextVersion, HighestReported = state.NextVersion };

    /// <summary>
    /// Takes back what was in force before the store was lost or set back, under its own number: it is the same configuration, so its
    /// number, generations and keys go on to mean what they meant.
    /// </summary>
    /// <param name="state">The line of versions.</param>
    /// <param name="version">Number that was in force.</param>
    /// <param name="entry">Its settings, compiled without errors.</param>
    /// <param name="generations">The ledger of that version.</param>
    /// <param name="keys">Keys of that version.</param>
    /// <returns>The state after it: the same instance when the line is as far or further.</returns>
    public static ConfigurationState Restore(
        ConfigurationState state,
        long version,
        ConfigurationVersion entry,
        GenerationLedger generations,
        KeyRing keys) =>
        version <= state.Version
            ? state
            : state with
            {
                Version = version,
                HighestReported = Math.Max(version, state.HighestReported),
                Digest = entry.Digest,
                Generations = generations,
                Keys = keys,
                KeysSince = entry.When,
                History = [.. Kept(state.History), entry],
                Trial = null,
                Barred = "",
            };

    private static string? LastDigestOf(ConfigurationState state, string source)
    {
        foreach (var file in state.Files)
            if (file.Source == source)
                return file.Digest;
        return null;
    }

    private static ConfigurationState Accept(ConfigurationState state, ConfigurationSubmission submission)
    {
        var entry = new ConfigurationVersion(state.NextVersion, submission.Digest, submission.Source, submission.When, submission.Settings);
        return state with
        {
            Version = entry.Version,
            HighestReported = entry.Version,
            Digest = entry.Digest,
            Generations = submission.Generations,
            History = [.. Kept(state.History), entry],
            Trial = submission.Trial,
            Barred = "",
        };
    }

    /// <summary>The newest versions that fit beside the one to come.</summary>
    private static ImmutableArray<ConfigurationVersion> Kept(ImmutableArray<ConfigurationVersion> history)
    {
        var bytes = 0L;
        var first = history.Length;
        while (first > 0 && history.Length - first < MaxVersions - 1 && (bytes += history[first - 1].Settings.Length) <= MaxHistoryBytes)
            first--;
        return history[first..];
    }
}
