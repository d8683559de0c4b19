namespace OrleansLb.Chaos.Plans;

/// <summary>The part of a cluster that a fault is in.</summary>
public enum FaultArea
{
    Silo,
    Frontend,
    Backend,
    Redis,
    Configuration,
}
