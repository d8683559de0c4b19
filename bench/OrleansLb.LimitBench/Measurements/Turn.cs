namespace OrleansLb.LimitBench.Measurements;

/// <summary>What one contestant did in one turn.</summary>
/// <param name="Decisions">How many decisions there were.</param>
/// <param name="Median">Half of them took no longer.</param>
/// <param name="Tail">99 of 100 took no longer.</param>
/// <param name="Throughput">Decisions a second.</param>
/// <param name="ProcessorTime">Processor time of all processes for one decision.</param>
/// <param name="Bytes">Bytes that the asking process allocated for one decision.</param>
/// <param name="Collections">Garbage collections a second in the asking process.</param>
internal sealed record Turn(long Decisions, TimeSpan Median, TimeSpan Tail, double Throughput, TimeSpan ProcessorTime, long Bytes, double Collections);
