namespace OrleansLb.Core.Balancing;

/// <summary>Picks any backend, each as likely as the others.</summary>
public static class RandomPicker
{
    /// <summary>Picks one of some backends.</summary>
    /// <param name="candidates">How many there are.</param>
    /// <param name="random">Draws.</param>
    /// <returns>Index of the backend; -1 when there is none.</returns>
    public static int Pick(int candidates, ref PickRandom random) => candidates <= 1 ? Math.Max(candidates, 0) - 1 : random.Next(candidates);
}
