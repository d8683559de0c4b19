namespace OrleansLb.Grains.Routing;

/// <summary>What a silo knows before it follows a configuration.</summary>
internal sealed class NoConfiguration : IConfigurationVersion
{
    public long Current => 0;
}
