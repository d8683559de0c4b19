namespace OrleansLb.Contracts.Routing;

/// <summary>What became of a configuration that was handed in.</summary>
[GenerateSerializer, Alias("OrleansLb.SubmitOutcome")]
public enum SubmitOutcome
{
    /// <summary>It is in force as the version of the reply.</summary>
    Accepted,

    /// <summary>It is no news; the version of the reply stays.</summary>
    Unchanged,

    /// <summary>A silo never heard of came with a file of its own; the version of the reply stays.</summary>
    Divergent,

    /// <summary>It has errors; the version of the reply stays.</summary>
    Refused,

    /// <summary>The version to return to is not in the history.</summary>
    UnknownVersion,

    /// <summary>It is valid but could not be stored, and is not in force: try again.</summary>
    NotStored,

    /// <summary>It is the file of a silo and says what the cluster took back by itself; the version of the reply stays.</summary>
    TakenBack,
}
