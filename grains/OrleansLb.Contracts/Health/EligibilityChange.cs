namespace OrleansLb.Contracts.Health;

/// <summary>The difference between two versions of a pool's eligibility, pushed to every front-end.</summary>
/// <param name="PoolId">The pool.</param>
/// <param name="Epoch">Activation of the pool that speaks: applies to a table of the same epoch only.</param>
/// <param name="FromVersion">Version that it applies to, and to no other.</param>
/// <param name="ToVersion">Version that it leads to.</param>
/// <param name="Changed">New and changed backends.</param>
/// <param name="Removed">Keys of backends that left.</param>
/// <param name="Panic">Whether the pool is below its panic share now.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.EligibilityChange")]
public sealed record EligibilityChange(
    [property: Id(0)] string PoolId,
    [property: Id(1)] long Epoch,
    [property: Id(2)] long FromVersion,
    [property: Id(3)] long ToVersion,
    [property: Id(4)] EligibilityRow[] Changed,
    [property: Id(5)] ulong[] Removed,
    [property: Id(6)] bool Panic);
