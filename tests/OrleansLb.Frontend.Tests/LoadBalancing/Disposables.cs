using System.Collections;

namespace OrleansLb.Frontend.Tests.LoadBalancing;

/// <summary>Things that end together.</summary>
internal sealed class Disposables<T> : IReadOnlyCollection<T>, IAsyncDisposable
    where T : IAsyncDisposable
{
    private readonly List<T> _items = [];

    public int Count => _items.Count;

    internal void Add(T item) => _items.Add(item);

    public IEnumerator<T> GetEnumerator() => _items.GetEnumerator();

    public async ValueTask DisposeAsync()
    {
        foreach (var item in _items)
            await item.DisposeAsync();
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
