namespace OrleansLb.Core.Configuration;

/// <summary>One configured backend as the generation ledger sees it.</summary>
/// <param name="PoolId">Pool (YARP cluster) id.</param>
/// <param name="BackendId">Backend (YARP destination) id, unique in its pool.</param>
/// <param name="Address">Where requests go, in canonical form.</param>
public readonly record struct BackendAddress(string PoolId, string BackendId, string Address);
