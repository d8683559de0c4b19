namespace OrleansLb.Contracts.Backends;

/// <summary>Why a pool took nothing of a report in, on the wire. Numbers are part of the contract.</summary>
[GenerateSerializer, Alias("OrleansLb.WireLoadRefusal")]
public enum WireLoadRefusal
{
    /// <summary>It was not refused.</summary>
    None = 0,

    /// <summary>It names no front-end.</summary>
    NoFrontend = 1,

    /// <summary>Its sequences cannot be.</summary>
    Sequence = 2,

    /// <summary>It acknowledges what cannot have been given out.</summary>
    Acknowledgement = 3,

    /// <summary>Its interval or its traffic is below zero.</summary>
    Traffic = 4,

    /// <summary>Its counts are below zero, or of too many backends.</summary>
    Counts = 5,

    /// <summary>Its outcomes cannot be, or are of too many backends.</summary>
    Outcomes = 6,

    /// <summary>The pool knows too many front-ends.</summary>
    TooManyFrontends = 7,
}
