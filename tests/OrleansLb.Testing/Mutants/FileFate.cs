namespace OrleansLb.Testing.Mutants;

/// <summary>What becomes of a configuration file.</summary>
public enum FileFate
{
    /// <summary>It is no configuration at all.</summary>
    Unreadable,

    /// <summary>It is one, with errors.</summary>
    Refused,

    /// <summary>It may come into force.</summary>
    Taken,
}
