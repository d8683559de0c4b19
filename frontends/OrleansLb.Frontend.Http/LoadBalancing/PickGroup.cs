namespace OrleansLb.Frontend.Http.LoadBalancing;

/// <summary>Candidates that share a part of the traffic.</summary>
/// <param name="Candidates">The candidates, at least one.</param>
/// <param name="Until">Where their part ends, of all traffic from 0 to 1.</param>
internal readonly record struct PickGroup(PickCandidates Candidates, double Until);
