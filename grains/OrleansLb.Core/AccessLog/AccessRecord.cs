using System.Net;

namespace OrleansLb.Core.AccessLog;

/// <summary>What the access log says of one request. Texts may be of any length and content, since clients choose some of them: lines show them cut and escaped. What is empty is left out.</summary>
public readonly ref struct AccessRecord
{
    /// <summary>When the request arrived.</summary>
    public DateTimeOffset Arrived { get; init; }

    /// <summary>Who sent it.</summary>
    public IPAddress? Client { get; init; }

    /// <summary>Its method.</summary>
    public ReadOnlySpan<char> Method { get; init; }

    /// <summary>What it asks for; see <see cref="LoggedTarget"/>.</summary>
    public ReadOnlySpan<char> Path { get; init; }

    /// <summary>The protocol between client and front-end.</summary>
    public ReadOnlySpan<char> Protocol { get; init; }

    /// <summary>Its host.</summary>
    public ReadOnlySpan<char> Host { get; init; }

    /// <summary>Status of the answer.</summary>
    public int Status { get; init; }

    /// <summary>How it ended.</summary>
    public EndReason Reason { get; init; }

    /// <summary>More about that, where the reason has kinds.</summary>
    public ReadOnlySpan<char> Detail { get; init; }

    /// <summary>The route.</summary>
    public ReadOnlySpan<char> Route { get; init; }

    /// <summary>The pool.</summary>
    public ReadOnlySpan<char> Pool { get; init; }

    /// <summary>The last backend that it was sent to.</summary>
    public ReadOnlySpan<char> Backend { get; init; }

    /// <summary>How many backends it was sent to.</summary>
    public int Tries { get; init; }

    /// <summary>What its session led to.</summary>
    public ReadOnlySpan<char> Affinity { get; init; }

    /// <summary>What its rate limit decided.</summary>
    public ReadOnlySpan<char> Limit { get; init; }

    /// <summary>Which one that was.</summary>
    public ReadOnlySpan<char> LimitPolicy { get; init; }

    /// <summary>How long it waited for its turn.</summary>
    public TimeSpan Queued { get; init; }

    /// <summary>Time until the answer began.</summary>
    public TimeSpan First { get; init; }

    /// <summary>Time until its end.</summary>
    public TimeSpan Total { get; init; }

    /// <summary>Bytes of its body.</summary>
    public long Received { get; init; }

    /// <summary>Bytes of the answer's body.</summary>
    public long Sent { get; init; }

    /// <summary>Version of TLS.</summary>
    public ReadOnlySpan<char> Tls { get; init; }

    /// <summary>Id of its trace.</summary>
    public ReadOnlySpan<char> Trace { get; init; }

    /// <summary>Where the client says that it comes from; see <see cref="LoggedTarget"/>.</summary>
    public ReadOnlySpan<char> Referer { get; init; }

    /// <summary>What the client says that it is.</summary>
    public ReadOnlySpan<char> UserAgent { get; init; }
}
