namespace OrleansLb.Process.Tests.Processes;

/// <summary>Where a silo listens.</summary>
/// <param name="Silo">For silos.</param>
/// <param name="Gateway">For front-ends.</param>
/// <param name="Status">For operators.</param>
internal readonly record struct SiloPorts(int Silo, int Gateway, int Status)
{
    /// <summary>Free ones.</summary>
    public static SiloPorts Next() => new(Ports.Next(), Ports.Next(), Ports.Next());
}
