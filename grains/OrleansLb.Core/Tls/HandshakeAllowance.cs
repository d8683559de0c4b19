using System.Net;
using OrleansLb.Core.RateLimiting;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Core.Tls;

/// <summary>
/// How many handshakes of TLS one client may begin: each costs its client a packet and its server a signature. A token bucket of each client, kept by this process alone; a client is an
/// IPv4 address, also where it comes as IPv6, or an IPv6 network of 64 bits. Of bounded size: invented clients beyond it make others that are new start with less, and set nobody free. Thread-safe.
/// </summary>
public sealed class HandshakeAllowance
{
    /// <summary>Clients that are told apart, in about 10 MB if all of them come at once.</summary>
    public const int MostClients = 65_536;

    /// <summary>The time in which what a client has used up comes back.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    private const int IPv6PrefixLength = 64;

    private readonly LocalShare _clients;

    /// <param name="most">Handshakes that a client may begin at once, and again over each <see cref="Period"/>; 1 or more.</param>
    /// <param name="now">The time, by any clock that never runs backwards.</param>
    public HandshakeAllowance(int most, TimeSpan now)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        var rule = new LimitRule
        {
            Algorithm = RateLimitAlgorithm.TokenBucket,
            Mode = RateLimitMode.Exact,
            WhenUnreachable = WhenUnreachable.Deny,
            Burst = most,
            Rate = most / Period.TotalSeconds,
        };
        _clients = LocalShare.Whole(rule, MostClients, now);
    }

    /// <summary>Clients that are told apart now.</summary>
    public int Clients => _clients.Count;

    /// <summary>Whether a client may begin another one, whatever comes of it.</summary>
    /// <param name="client">Where it comes from; those of whom that is not known are one client.</param>
    /// <param name="now">The time.</param>
    public bool TryBegin(IPAddress? client, TimeSpan now) => _clients.TryAdmit(KeyOf(client), 1, now, out _);

    /// <summary>Whether a client may begin another one, which counts against it until it is settled, once, by <see cref="Succeeded"/> or <see cref="Failed"/>.</summary>
    /// <param name="client">Where it comes from; those of whom that is not known are one client.</param>
    /// <param name="now">The time.</param>
    /// <param name="ticket">What to settle it with.</param>
    public bool TryBegin(IPAddress? client, TimeSpan now, out ChargeTicket ticket) => _clients.TryHold(KeyOf(client), 1, now, out _, out ticket);

    /// <summary>A client turned out to be one of those for whom this is there: its handshake is not counted.</summary>
    /// <param name="client">Where it comes from.</param>
    /// <param name="ticket">The ticket.</param>
    /// <param name="now">The time.</param>
    public void Succeeded(IPAddress? client, in ChargeTicket ticket, TimeSpan now) => _clients.GiveBack(KeyOf(client), 1, ticket, now);

    /// <summary>A handshake came to nothing.</summary>
    /// <param name="client">Where it comes from.</param>
    /// <param name="ticket">The ticket.</param>
    /// <param name="now">The time.</param>
    public void Failed(IPAddress? client, in ChargeTicket ticket, TimeSpan now) => _clients.Keep(KeyOf(client), 1, ticket, now);

    private static RateLimitKey KeyOf(IPAddress? client) => RateLimitKey.Of(client, IPv6PrefixLength);
}
