namespace OrleansLb.BenchProcesses.Growth;

/// <summary>What a process holds at one moment.</summary>
/// <param name="At">Time since the load began.</param>
/// <param name="Process">Its name.</param>
/// <param name="Memory">Bytes, by the operating system.</param>
/// <param name="Handles">Open file descriptors, sockets among them.</param>
/// <param name="Threads">Its threads.</param>
/// <param name="Collections">Collections of the oldest generation so far.</param>
/// <param name="Timers">Timers of .NET that are set.</param>
public sealed record ProcessSample(TimeSpan At, string Process, long Memory, int Handles, int Threads, int Collections, int Timers);
