using System.Collections.Concurrent;

namespace OrleansLb.Process.Tests.Faults.Figures;

/// <summary>Says what faults did. A run that is asked for it writes all of that down, see <see cref="FaultPageFile"/>.</summary>
internal static class FaultFigures
{
    private static readonly ConcurrentQueue<FaultFigure> s_said = new();

    /// <summary>Everything said so far.</summary>
    public static IReadOnlyCollection<FaultFigure> Said => s_said;

    /// <summary>Says one figure, see <see cref="FaultFigure"/>.</summary>
    /// <exception cref="ArgumentException">There is no such row.</exception>
    public static void Say(string row, string fault, string figure, string seen, string bar, string promise = "-")
    {
        _ = FaultRows.IndexOf(row);
        s_said.Enqueue(new FaultFigure(row, fault, figure, seen, bar, promise));
        TestContext.Current.SendDiagnosticMessage($"{row}: {fault}: {figure}: {seen} (bar: {bar}; promise: {promise})");
    }
}
