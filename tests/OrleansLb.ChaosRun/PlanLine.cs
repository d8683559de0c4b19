using System.Globalization;
using OrleansLb.Chaos.Plans;

namespace OrleansLb.ChaosRun;

/// <summary>How a planned fault is said in one line.</summary>
internal static class PlanLine
{
    public static string Of(PlannedFault fault) => string.Create(
        CultureInfo.InvariantCulture, $"{Times.Of(fault.At)}  {fault.Trait.Name}, {fault.Length.TotalSeconds:F1} s{(fault.Overlaps ? ", while the one before is there" : "")}");
}
