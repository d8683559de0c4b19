namespace OrleansLb.BenchProcesses;

/// <summary>What a process can be sent, by the numbers that Linux has for it.</summary>
public enum ServerSignal
{
    /// <summary>Asks whether it is there.</summary>
    None = 0,

    /// <summary>Ends it without a chance to say goodbye.</summary>
    Kill = 9,

    /// <summary>Asks it to end.</summary>
    Terminate = 15,

    /// <summary>Lets it go on.</summary>
    Continue = 18,

    /// <summary>Makes it stand still.</summary>
    Stop = 19,
}
