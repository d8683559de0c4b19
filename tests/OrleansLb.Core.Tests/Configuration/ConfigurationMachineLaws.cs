using CsCheck;
using OrleansLb.Core.Configuration;

namespace OrleansLb.Core.Tests.Configuration;

/// <summary>What holds after any sequence of files, administrators' changes, roll-backs and losses of the store.</summary>
public sealed class ConfigurationMachineLaws
{
    private const int MostSteps = 30;

    /// <summary>What happens (0, 1: a file; 2: an administrator; 3: a roll-back; 4: new keys; 5: a front-end of
    /// another life speaks up; 6: the store is lost), to which silo, with which document.</summary>
    private static readonly Gen<List<(int Act, int Silo, int Document)>> Histories =
        Gen.Select(Gen.Int[0, 6], Gen.Int[1, 4], Gen.Int[1, 4]).List[1, MostSteps];

    [Fact]
    public void VersionsOnlyGrow() => ForAll(static (_, before, outcome, after) =>
    {
        if (outcome == SubmissionOutcome.Accepted)
            Assert.Equal(before.NextVersion, after.Version);
        else if (outcome is null)
            Assert.True(after.Version >= before.Version);
        else
            Assert.Equal((before.Version, before.Digest), (after.Version, after.Digest));
    });

    [Fact]
    public void AcceptedTwiceIsUnchanged() => ForAll(static (step, _, outcome, after) =>
    {
        var line = new VersionLine { State = after };
        if (outcome == SubmissionOutcome.Accepted && step.Act <= 1)
            Assert.Equal(SubmissionOutcome.Unchanged, line.File("silo" + step.Silo, "document" + step.Document));
    });

    [Fact]
    public void JoiningSiloNeverOverwrites() => ForAll(static (_, _, _, after) =>
    {
        if (after.Version == 0)
            return;
        var line = new VersionLine { State = after };
        Assert.Equal(SubmissionOutcome.Divergent, line.File("newcomer", "never seen"));
        Assert.Equal((after.Version, after.Digest), (line.State.Version, line.State.Digest));
    });

    [Fact]
    public void RestartingSiloNeverOverwrites() => ForAll(static (_, _, _, after) =>
    {
        foreach (var file in after.Files)
        {
            var line = new VersionLine { State = after };
            Assert.Equal(SubmissionOutcome.Unchanged, line.File(file.Source, file.Digest));
            Assert.Same(after, line.State);
        }
    });

    [Fact]
    public void HistoryEndsWithWhatIsInForce() => ForAll(static (_, _, _, after) =>
    {
        Assert.True(after.History.Length <= ConfigurationMachine.MaxVersions);
        Assert.Equal(after.History.OrderBy(static entry => entry.Version), after.History);
        Assert.Equal(after.Digest, after.Current?.Digest ?? "");
        Assert.True((after.Current?.Version ?? 0) <= after.Version);
    });

    [Fact]
    public void GenerationNamesOneAddressEvenWhenTheStoreIsLost() => Histories.Sample(static history =>
    {
        var line = new VersionLine();
        var addresses = new Dictionary<int, string>();
        foreach (var step in history)
        {
            Act(line, step);
            foreach (var backend in line.State.Generations.Backends)
            {
                Assert.Equal(backend.Address, addresses.TryGetValue(backend.Generation, out var known) ? known : backend.Address);
                addresses[backend.Generation] = backend.Address;
            }
        }
    });

    private static void ForAll(
        Action<(int Act, int Silo, int Document), ConfigurationState, SubmissionOutcome?, ConfigurationState> law) =>
        Histories.Sample(history =>
        {
            var line = new VersionLine();
            foreach (var step in history)
            {
                if (step.Act == 6)
                {
                    Act(line, step);
                    continue;
                }

                var before = line.State;
                var outcome = Act(line, step);
                law(step, before, outcome, line.State);
            }
        });

    private static SubmissionOutcome? Act(VersionLine line, (int Act, int Silo, int Document) step)
    {
        var document = "document" + step.Document;
        switch (step.Act)
        {
            case 0 or 1:
                return line.File("silo" + step.Silo, document);
            case 2:
                return line.Administrator(document);
            case 3:
                return line.RollBack(line.State.Version - step.Silo);
            case 4:
                line.RotateKeys();
                return null;
            case 5:
                line.Hear(line.State.Version + step.Silo - 2);
                return null;
            default:
                line.LoseStore(reported: Math.Max(line.State.Version, line.State.HighestReported));
                return null;
        }
    }
}
