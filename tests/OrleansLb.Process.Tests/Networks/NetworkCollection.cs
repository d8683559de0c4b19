namespace OrleansLb.Process.Tests.Networks;

/// <summary>One cluster on a network of its own for every test that uses it.</summary>
[CollectionDefinition(Name)]
public sealed class NetworkCollection : ICollectionFixture<NetworkCluster>
{
    public const string Name = "network";
}
