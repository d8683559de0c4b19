using OrleansLb.Core.Health;

namespace OrleansLb.Core.Snapshots;

/// <summary>When a request of a pool is sent to another backend, and how often all of them may be.</summary>
public sealed record RetryDefinition
{
    /// <summary>What holds where nothing is configured.</summary>
    public static RetryDefinition Default { get; } = new();

    /// <summary>Attempts of one request that may have reached a backend, the first among them.</summary>
    /// <value>Default 2; 1 to 10; 1 repeats nothing that was sent.</value>
    public int MaxAttempts { get; init; } = 2;

    /// <summary>Whether a request goes elsewhere when no connection was made. Nothing was sent, so that it costs no part of the budget.</summary>
    /// <value>Default <see langword="true"/>.</value>
    public bool OnConnectFailure { get; init; } = true;

    /// <summary>Whether a request that may be done twice goes elsewhere when the connection ended before a word of the answer.</summary>
    /// <value>Default <see langword="true"/>.</value>
    public bool OnReset { get; init; } = true;

    /// <summary>Statuses upon which a request that may be done twice goes elsewhere; <see langword="null"/> for none, which is the default.</summary>
    public HttpStatusSet? OnStatuses { get; init; }

    /// <summary>Longest body of a request that is kept to be sent again.</summary>
    /// <value>Bytes; default 65,536; 0 to 1,048,576; with 0 no request with a body is sent again.</value>
    public int MaxBodySize { get; init; } = 65_536;

    /// <summary>How many requests of the last ten seconds may be sent again.</summary>
    /// <value>Percent of the requests; default 20; 0 to 100.</value>
    public int BudgetPercent { get; init; } = 20;

    /// <summary>How many requests a second may be sent again beside those, by all front-ends together: so that there are some where there is little traffic.</summary>
    /// <value>Default 10; 0 to 10,000.</value>
    public int MinRetriesPerSecond { get; init; } = 10;
}
