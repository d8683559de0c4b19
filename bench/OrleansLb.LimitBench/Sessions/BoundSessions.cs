using OrleansLb.Core;
using OrleansLb.Core.Sessions;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.LimitBench.Sessions;

/// <summary>The ranges that bind sessions, all of which are in use.</summary>
internal sealed class BoundSessions(SessionDefinition definition) : ISessionPlace
{
    private readonly SessionTable[] _ranges =
        [.. Enumerable.Range(0, SessionKey.RangeCount).Select(_ => new SessionTable(1, definition.RangeCapacity, definition.IdleTimeout, [], TimeSpan.Zero))];

    public string Name => "ranges, at the silos";

    public int Count => _ranges.Sum(static range => range.Count);

    public int Capacity => definition.RangeCapacity * _ranges.Length;

    public int MayForget => 0;

    public BackendKey Ask(SessionKey key, BackendKey candidate) =>
        _ranges[key.Range].Bind(new SessionClaim(key, candidate, 0, default), TimeSpan.Zero).Binding.Backend;

    public void AskInvented(SessionKey key, BackendKey candidate) => Ask(key, candidate);
}
