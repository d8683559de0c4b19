namespace OrleansLb.Frontend.Http.LoadBalancing;

/// <summary>Candidates that follow each other in the pool too.</summary>
/// <param name="Place">Position of the first among the candidates.</param>
/// <param name="Index">Position of the first in the pool.</param>
/// <param name="Length">How many they are.</param>
internal readonly record struct PickRun(int Place, int Index, int Length);
