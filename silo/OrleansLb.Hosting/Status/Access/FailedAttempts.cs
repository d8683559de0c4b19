using System.Net;
using OrleansLb.Core.Networks;

namespace OrleansLb.Hosting.Status.Access;

/// <summary>Remembers who came with wrong tokens, so that guessing is slow. Of bounded size: where too many clients guess, who began longest ago is forgotten first. Thread-safe.</summary>
/// <param name="clock">Tells time.</param>
internal sealed class FailedAttempts(TimeProvider clock)
{
    /// <summary>Wrong tokens that a client may show in a minute.</summary>
    public const int Most = 10;

    /// <summary>Clients that are remembered.</summary>
    public const int MostClients = 4_096;

    /// <summary>How long a client is counted from its first wrong token on.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, (int Failures, long Since)> _clients = [];

    /// <summary>Clients that are remembered now.</summary>
    public int Clients
    {
        get
        {
            lock (_lock)
                return _clients.Count;
        }
    }

    /// <summary>How long a client has to wait before it is listened to again; <see langword="null"/> for not at all.</summary>
    public TimeSpan? Wait(IPAddress address)
    {
        lock (_lock)
            return _clients.TryGetValue(ClientNetwork.Of(address), out var client) && client.Failures >= Most && Left(client.Since) is { Ticks: > 0 } left ? left : null;
    }

    /// <summary>Counts a wrong token.</summary>
    /// <returns>How long the client has to wait, if this was one too many: those that come at once are not more than one after the other.</returns>
    public TimeSpan? Count(IPAddress address)
    {
        var key = ClientNetwork.Of(address);
        lock (_lock)
        {
            var isKnown = _clients.TryGetValue(key, out var client) && Left(client.Since) > TimeSpan.Zero;
            if (!isKnown)
            {
                MakeRoom_NeedsLock(key);
                client = (0, clock.GetTimestamp());
            }

            _clients[key] = client with { Failures = Math.Min(client.Failures + 1, Most + 1) };
            return client.Failures >= Most ? Left(client.Since) : null;
        }
    }

    private TimeSpan Left(long since) => Window - clock.GetElapsedTime(since);

    private void MakeRoom_NeedsLock(IPAddress key)
    {
        if (_clients.ContainsKey(key) || _clients.Count < MostClients)
            return;
        foreach (var (client, _) in _clients.Where(client => Left(client.Value.Since) <= TimeSpan.Zero).ToList())
            _clients.Remove(client);
        if (_clients.Count >= MostClients)
            _clients.Remove(_clients.MinBy(static client => client.Value.Since).Key);
    }
}
