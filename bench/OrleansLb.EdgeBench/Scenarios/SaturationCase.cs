using OrleansLb.EdgeBench.Contestants;
using OrleansLb.EdgeBench.Stages;
using OrleansLb.LoadGenerator.Load;

namespace OrleansLb.EdgeBench.Scenarios;

/// <summary>One load at saturation.</summary>
/// <param name="Name">What is different about it.</param>
/// <param name="Clients">Those who ask a contestant.</param>
/// <param name="Plan">What is around the contestants.</param>
/// <param name="Bytes">Length of the body, up or down.</param>
/// <param name="Call">Body of the call of gRPC that it repeats; <see langword="null"/> for none.</param>
internal sealed record SaturationCase(string Name, Func<Contestant, ILoad> Clients, StagePlan Plan, int Bytes = 100, byte[]? Call = null);
