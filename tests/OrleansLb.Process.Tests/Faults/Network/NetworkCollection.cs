namespace OrleansLb.Process.Tests.Faults.Network;

/// <summary>One cluster on a network of its own for every class of this folder.</summary>
[CollectionDefinition(Name)]
public sealed class NetworkCollection : ICollectionFixture<NetworkCluster>
{
    public const string Name = "network";
}
