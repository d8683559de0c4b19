namespace OrleansLb.Configuration;

/// <summary>The configuration that this process serves now. On silos and front-ends alike it follows the cluster's.</summary>
public interface IConfigurationView
{
    /// <summary>The version in force; <see cref="CompiledConfiguration.Empty"/> (version 0) before the first.</summary>
    CompiledConfiguration Current { get; }

    /// <summary>
    /// Raised after <see cref="Current"/> moved to a newer version, with that version. Handlers run one after the other on the
    /// thread that applied it, versions in order; they must not block. One that throws is logged, and stops neither the others nor the
    /// process; it goes on with what it had.
    /// </summary>
    event Action<CompiledConfiguration>? Changed;
}
