using OrleansLb.Contracts.Backends;

namespace OrleansLb.Grains.Backends;

/// <summary>What is stored of a backend.</summary>
[GenerateSerializer, Alias("OrleansLb.BackendGrainState")]
internal sealed class BackendGrainState
{
    [Id(0)]
    public WireAdminState Admin { get; set; }
}
