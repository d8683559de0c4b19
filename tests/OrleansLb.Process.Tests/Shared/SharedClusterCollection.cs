namespace OrleansLb.Process.Tests.Shared;

/// <summary>One cluster for every test that brings pools of its own and leaves silos and front-ends as they were.</summary>
[CollectionDefinition(Name)]
public sealed class SharedClusterCollection : ICollectionFixture<SharedCluster>
{
    public const string Name = "shared cluster";
}
