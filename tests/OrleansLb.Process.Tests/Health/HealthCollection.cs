namespace OrleansLb.Process.Tests.Health;

/// <summary>One cluster for every class of this folder.</summary>
[CollectionDefinition(Name)]
public sealed class HealthCollection : ICollectionFixture<HealthCluster>
{
    public const string Name = "health";
}
