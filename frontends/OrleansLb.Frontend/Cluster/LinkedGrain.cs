namespace OrleansLb.Frontend.Cluster;

/// <summary>
/// A grain that one conversation is held with. The reference is kept as long as the way to the cluster is the same, because Orleans reads the attributes of an interface
/// by reflection each time it is asked for a grain.
/// </summary>
/// <param name="link">The way to the cluster.</param>
/// <param name="key">The grain's key.</param>
internal sealed class LinkedGrain<TGrain>(IClusterLink link, string key)
    where TGrain : class, IGrainWithStringKey
{
    private Reference? _known;

    /// <summary>The grain; <see langword="null"/> while there is no way to it.</summary>
    public TGrain? Grain
    {
        get
        {
            if (link.Grains is not { } grains)
                return null;
            if (Volatile.Read(ref _known) is not { } known || !ReferenceEquals(known.Grains, grains))
                Volatile.Write(ref _known, known = new Reference(grains, grains.GetGrain<TGrain>(key)));
            return known.Grain;
        }
    }

    private sealed record Reference(IGrainFactory Grains, TGrain Grain);
}
