namespace OrleansLb.Grains.Routing;

/// <summary>The newest configuration version this silo has compiled.</summary>
internal interface IConfigurationVersion
{
    /// <summary>The version; 0 before the first.</summary>
    long Current { get; }
}
