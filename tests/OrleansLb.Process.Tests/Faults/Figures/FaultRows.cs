namespace OrleansLb.Process.Tests.Faults.Figures;

/// <summary>The rows of the fault matrix, in the order of the page.</summary>
internal static class FaultRows
{
    /// <summary>Connections that say nothing for a long time, held through faults of others.</summary>
    public const string IdleConnections = "Idle";

    /// <summary>Processes of two versions beside each other.</summary>
    public const string MixedVersions = "Versions";

    public static IReadOnlyList<(string Row, string Title)> All { get; } =
    [
        ("F1", "A silo is killed"),
        ("F2", "All silos are down, then back"),
        ("F3", "A front-end ends"),
        ("F4", "Everything is restarted in turn"),
        ("F5", "A backend is killed"),
        ("F6", "A backend is slow"),
        ("F7", "A backend breaks its answers"),
        ("F8", "The network is cut"),
        ("F9", "The store is down, slow or empty"),
        ("F10", "Clocks are wrong"),
        ("F11", "The configuration is garbage"),
        ("F12", "Certificates end"),
        ("F13", "The disk is full"),
        ("F14", "Descriptors run out"),
        ("F15", "Memory runs out"),
        ("F16", "A process hangs"),
        ("F17", "Long runs"),
        (IdleConnections, "Idle connections"),
        (MixedVersions, "Two versions"),
    ];

    /// <exception cref="ArgumentException">There is no such row.</exception>
    public static int IndexOf(string row)
    {
        for (var i = 0; i < All.Count; i++)
        {
            if (All[i].Row == row)
                return i;
        }

        throw new ArgumentException($"The fault matrix has no row {row}.", nameof(row));
    }
}
