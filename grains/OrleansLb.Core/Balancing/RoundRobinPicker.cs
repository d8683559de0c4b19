namespace OrleansLb.Core.Balancing;

/// <summary>Picks one backend after the other.</summary>
public static class RoundRobinPicker
{
    /// <summary>Picks one of some backends.</summary>
    /// <param name="candidates">How many there are.</param>
    /// <param name="turn">The turn to place: <see cref="PickTurn.Next"/>.</param>
    /// <returns>Index of the backend; -1 when there is none.</returns>
    public static int Pick(int candidates, ulong turn) => candidates <= 1 ? Math.Max(candidates, 0) - 1 : (int)(turn % (ulong)candidates);
}
