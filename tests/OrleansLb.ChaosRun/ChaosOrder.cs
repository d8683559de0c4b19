using System.Globalization;
using OrleansLb.Chaos.Plans;

namespace OrleansLb.ChaosRun;

/// <summary>What was asked for.</summary>
/// <param name="Length">How long.</param>
/// <param name="Seed">What chance is made of.</param>
/// <param name="Faults">What may happen.</param>
/// <param name="Folder">Where the files go.</param>
internal sealed record ChaosOrder(TimeSpan Length, int Seed, IReadOnlyList<FaultTrait> Faults, DirectoryInfo Folder)
{
    public IReadOnlyList<PlannedFault> Plan { get; } = FaultPlan.Make(Seed, Length, [.. Faults.Select(static trait => trait.Kind)]);

    /// <summary>How to have the same again.</summary>
    public string Command => string.Create(
        CultureInfo.InvariantCulture,
        $"deploy/dev/chaos --duration {Length:c} --seed {Seed}{(Faults.Count == FaultTrait.All.Count ? "" : $" --faults {string.Join(',', Faults.Select(static trait => trait.Name))}")}");
}
