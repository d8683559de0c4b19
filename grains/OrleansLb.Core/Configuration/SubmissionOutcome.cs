namespace OrleansLb.Core.Configuration;

/// <summary>What became of a submission.</summary>
public enum SubmissionOutcome
{
    /// <summary>It is the new version.</summary>
    Accepted,

    /// <summary>It is no news: the current version says the same, or its silo submitted the same before.</summary>
    Unchanged,

    /// <summary>A silo that was never heard of came with a file of its own; the current version stays.</summary>
    Divergent,

    /// <summary>The version to return to is not in the history.</summary>
    UnknownVersion,

    /// <summary>A file says what the cluster took back; the current version stays.</summary>
    TakenBack,
}
