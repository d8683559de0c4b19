namespace OrleansLb.Core;

/// <summary>Names under which the product's clock is registered.</summary>
public static class Clocks
{
    /// <summary>
    /// Service key of the <c>TimeProvider</c> that all product code uses. Keyed, because Orleans takes its own clock from the plain
    /// registration: a test that stops time for our grains must not stop it for cluster membership.
    /// </summary>
    public const string Key = "OrleansLb";
}
