namespace OrleansLb.Frontend.Leases;

/// <summary>Why a request was or was not admitted.</summary>
public enum LimitVerdict
{
    /// <summary>A lease paid for it.</summary>
    AdmittedByLease,

    /// <summary>The range admitted it.</summary>
    AdmittedByRange,

    /// <summary>Admitted without the cluster: from this front-end's share, or because the policy allows everything then.</summary>
    AdmittedAlone,

    /// <summary>The limit does not concern this client.</summary>
    Exempt,

    /// <summary>The limit is used up.</summary>
    Rejected,

    /// <summary>Without the cluster, this front-end's share of the limit is used up; of the whole limit there may be something left.</summary>
    RejectedAlone,

    /// <summary>Nobody could decide in time, so the limit could not have been kept.</summary>
    Unavailable,

    /// <summary>The client went away while the request waited.</summary>
    Abandoned,

    /// <summary>Admitted here and refused by another limit of the route; what this one had charged was given back.</summary>
    GivenBack,
}
