namespace OrleansLb.Core.Health;

/// <summary>Why a verdict changed.</summary>
public enum HealthChangeReason
{
    /// <summary>The first probe of an unknown backend succeeded.</summary>
    FirstSuccess,

    /// <summary>Enough probes in a row succeeded.</summary>
    SuccessStreak,

    /// <summary>Enough probes in a row were answered wrongly.</summary>
    AnsweredFailures,

    /// <summary>Enough probes in a row got no answer, and nobody else reaches the backend either.</summary>
    ConnectivityFailures,

    /// <summary>A front-end could not connect and every confirming probe agreed.</summary>
    SuspicionConfirmed,

    /// <summary>The own silo cannot reach the backend, but another silo or a front-end can.</summary>
    Disagreement,

    /// <summary>Its probes succeed, but enough deep checks in a row have failed.</summary>
    DeepCheckFailed,

    /// <summary>Enough deep checks in a row succeeded, or it has none any more.</summary>
    DeepCheckRecovered,
}
