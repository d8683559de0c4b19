using System.Globalization;
using System.Text;
using OrleansLb.Core.Affinity;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Configuration.Rollbacks;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Core.Tests.Configuration;

/// <summary>Drives the machine as the grain does: judge, compile with the next number, submit. A document is the address of its one backend.</summary>
internal sealed class VersionLine
{
    private static readonly DateTimeOffset When = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public ConfigurationState State { get; set; } = ConfigurationState.Empty;

    public SubmissionOutcome File(string silo, string document) => Submit(SubmissionKind.File, silo, document);

    public SubmissionOutcome Administrator(string document) => Submit(SubmissionKind.Administrator, "admin", document);

    public SubmissionOutcome RollBack(long version)
    {
        var step = ConfigurationMachine.RollBack(State, version, Generations(State.Find(version)?.Digest ?? ""), "admin", When);
        State = step.State;
        return step.Outcome;
    }

    /// <summary>Hands a document in whose version has to prove itself against a share of failed requests, if there is anything to return to.</summary>
    public SubmissionOutcome FileOnTrial(string silo, string document, RecentTraffic recent, TrialLook look = default) =>
        Submit(SubmissionKind.File, silo, document, TrialMachine.Begin(State, document, new RollbackDefinition(), recent, look));

    public void TakeBack(RequestCount after) => State = ConfigurationMachine.TakeBack(
        State, after, Generations(State.Find(State.Trial?.ReturnTo ?? 0)?.Digest ?? ""), "itself", When);

    public void RotateKeys() => State = ConfigurationMachine.ReplaceKeys(State, new KeyRing([], State.Version.ToString(CultureInfo.InvariantCulture)), When);

    public void Hear(long reported)
    {
        State = ConfigurationMachine.Report(State, reported);
        State = ConfigurationMachine.Renumber(
            State,
            GenerationLedger.Empty.Advance(State.NextVersion, [new BackendAddress("pool", "backend", State.Digest)]));
    }

    public void LoseStore(long reported) => State = ConfigurationMachine.Report(ConfigurationState.Empty, reported);

    private SubmissionOutcome Submit(SubmissionKind kind, string source, string document, ConfigurationTrial? trial = null)
    {
        var step = ConfigurationMachine.Submit(
            State,
            new ConfigurationSubmission(kind, source, document, [.. Encoding.UTF8.GetBytes(document)], Generations(document), When) { Trial = trial });
        State = step.State;
        return step.Outcome;
    }

    private GenerationLedger Generations(string document) =>
        State.Generations.Advance(State.NextVersion, [new BackendAddress("pool", "backend", document)]);
}
