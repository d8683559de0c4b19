namespace OrleansLb.Contracts.Health;

/// <summary>What came of a trial, on the wire. Numbers are part of the contract.</summary>
[GenerateSerializer, Alias("OrleansLb.WireTrialOutcome")]
public enum WireTrialOutcome
{
    /// <summary>The backend answered, and with no server error.</summary>
    Succeeded = 0,

    /// <summary>The backend failed the request.</summary>
    Failed = 1,

    /// <summary>The backend was not asked, or its client left.</summary>
    Abandoned = 2,
}
