using System.Collections;
using Microsoft.AspNetCore.Http.Features;

namespace OrleansLb.Frontend.Http.Hedging;

/// <summary>
/// The features of one of two attempts of a request: what is set by the attempt is its own, all else is the request's. Whoever cuts off the attempt may read them at any time, on another thread,
/// so that what is there is never changed, but covered by what comes after it.
/// </summary>
/// <param name="request">The features of the request.</param>
internal sealed class AttemptFeatures(IFeatureCollection request) : IFeatureCollection
{
    private Cover? _top;
    private int _revision;

    /// <summary>Whose they are.</summary>
    public required HedgedAttempt Attempt { get; init; }

    public bool IsReadOnly => false;

    public int Revision => Volatile.Read(ref _revision) + request.Revision;

    public object? this[Type key]
    {
        get => Find(key) is { } own ? own.Feature : request[key];
        set => Put(key, value);
    }

    public TFeature? Get<TFeature>() => Find(typeof(TFeature)) is { } own ? (TFeature?)own.Feature : request.Get<TFeature>();

    public void Set<TFeature>(TFeature? instance) => Put(typeof(TFeature), instance);

    public IEnumerator<KeyValuePair<Type, object>> GetEnumerator()
    {
        var seen = new HashSet<Type>();
        for (var cover = Volatile.Read(ref _top); cover is not null; cover = cover.Below)
        {
            if (seen.Add(cover.Key) && cover.Feature is { } feature)
                yield return KeyValuePair.Create(cover.Key, feature);
        }

        foreach (var feature in request)
        {
            if (!seen.Contains(feature.Key))
                yield return feature;
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private Cover? Find(Type key)
    {
        var cover = Volatile.Read(ref _top);
        while (cover is not null && cover.Key != key)
            cover = cover.Below;
        return cover;
    }

    private void Put(Type key, object? feature)
    {
        Volatile.Write(ref _top, new Cover(key, feature, _top));
        Volatile.Write(ref _revision, _revision + 1);
    }

    private sealed record Cover(Type Key, object? Feature, Cover? Below);
}
