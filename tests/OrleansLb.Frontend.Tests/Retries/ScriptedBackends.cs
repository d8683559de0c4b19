using System.Collections;

namespace OrleansLb.Frontend.Tests.Retries;

/// <summary>The backends of one pool: <c>b0</c>, <c>b1</c> and so on.</summary>
internal sealed class ScriptedBackends : IReadOnlyList<ScriptedBackend>, IAsyncDisposable
{
    private readonly List<ScriptedBackend> _backends = [];

    public int Count => _backends.Count;

    public ScriptedBackend this[int index] => _backends[index];

    /// <summary>Where each listens, by its id.</summary>
    internal Dictionary<string, string> Addresses => _backends.ToDictionary(static backend => backend.Id, static backend => backend.Address);

    /// <summary>How many requests have reached any of them.</summary>
    internal int Requests => _backends.Sum(static backend => backend.Bodies.Count);

    /// <summary>Starts one for each status, which it answers.</summary>
    internal async Task Start(params int[] statuses)
    {
        foreach (var status in statuses)
            _backends.Add(await ScriptedBackend.Start($"b{_backends.Count}", status));
    }

    public IEnumerator<ScriptedBackend> GetEnumerator() => _backends.GetEnumerator();

    public async ValueTask DisposeAsync()
    {
        foreach (var backend in _backends)
            await backend.DisposeAsync();
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
