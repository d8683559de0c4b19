namespace OrleansLb.Core.Balancing.Orca;

/// <summary>What is wrong with a report, so that nothing of it is believed.</summary>
public enum OrcaFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Longer than <see cref="OrcaHeader.LongestValue"/>; not looked at.</summary>
    TooLong,

    /// <summary>Does not begin with the name of a known format.</summary>
    UnknownFormat,

    /// <summary>Not what its format allows, or with a number that is none, infinite or negative where a known field has one.</summary>
    Malformed,
}
