namespace OrleansLb.Core.Health.Circuits;

/// <summary>What came of a trial.</summary>
public enum TrialOutcome
{
    /// <summary>The backend answered, and with no server error.</summary>
    Succeeded,

    /// <summary>The backend failed the request, or did not answer in time.</summary>
    Failed,

    /// <summary>The backend was not asked, or its client left: nothing is known.</summary>
    Abandoned,
}
