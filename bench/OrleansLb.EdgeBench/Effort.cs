using OrleansLb.BenchProcesses;

namespace OrleansLb.EdgeBench;

/// <summary>Who is measured, and for how long.</summary>
/// <param name="Contestants">Names of those who are compared.</param>
/// <param name="Rounds">How many turns each has.</param>
/// <param name="Turn">How long a turn is.</param>
/// <param name="IsQuick">Whether this is only to see that everything runs.</param>
/// <param name="Patience">With others on the machine.</param>
/// <param name="Progress">Told what is going on.</param>
internal sealed record Effort(IReadOnlyList<string> Contestants, int Rounds, TimeSpan Turn, bool IsQuick, Patience Patience, TextWriter Progress)
{
    /// <summary>How long each is warmed up by a load at saturation: long enough for .NET to have compiled again what is used most.</summary>
    public TimeSpan WarmUp => IsQuick ? TimeSpan.FromSeconds(1) : TimeSpan.FromSeconds(10);
}
