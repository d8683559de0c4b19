namespace OrleansLb.Core.Configuration;

/// <summary>One backend that is configured now, and since when it has been so without a change of address.</summary>
/// <param name="PoolId">Pool (YARP cluster) id.</param>
/// <param name="BackendId">Backend (YARP destination) id, unique in its pool.</param>
/// <param name="Address">Where requests go, in canonical form.</param>
/// <param name="Generation">The configuration version that brought this address under this id.</param>
public sealed record BackendGeneration(string PoolId, string BackendId, string Address, int Generation);
