using OrleansLb.Configuration;
using OrleansLb.Core.Affinity;

namespace OrleansLb.Frontend.Http.Affinity;

/// <summary>The codec of the key ring in force.</summary>
internal sealed class AffinityCodecs : IDisposable
{
    private readonly Lock _writer = new();
    private readonly IConfigurationView _configuration;
    private AffinityCookieCodec _current = new(KeyRing.Empty);

    public AffinityCodecs(IConfigurationView configuration)
    {
        _configuration = configuration;
        configuration.Changed += Use;
        Use(configuration.Current);
    }

    public AffinityCookieCodec Current => Volatile.Read(ref _current);

    public void Dispose()
    {
        _configuration.Changed -= Use;
        Current.Dispose();
    }

    /// <summary>Takes the ring of a new version; requests that hold the codec of the version before go on with it.</summary>
    private void Use(CompiledConfiguration configuration)
    {
        var ring = configuration.Snapshot.Keys;
        lock (_writer)
        {
            if (IsSame(_current.Ring, ring))
                return;
            var former = _current;
            Volatile.Write(ref _current, new AffinityCookieCodec(ring));
            former.Dispose();
        }
    }

    private static bool IsSame(KeyRing left, KeyRing right) =>
        left.SigningKeyId == right.SigningKeyId
        && left.Keys.Length == right.Keys.Length
        && left.Keys.Zip(right.Keys).All(static pair => pair.First.Id == pair.Second.Id && pair.First.Secret.AsSpan().SequenceEqual(pair.Second.Secret.AsSpan()));
}
