namespace OrleansLb.Core.Http1;

/// <summary>How far a reader came with the bytes it was given.</summary>
public enum Http1Step
{
    /// <summary>All is well as far as it goes; more bytes are needed.</summary>
    NeedMore,

    /// <summary>What was to be read is there.</summary>
    Complete,

    /// <summary>There is a fault, and nothing that follows counts.</summary>
    Refused,
}
