namespace OrleansLb.Hosting.Status;

/// <summary>One condition that must hold before this process should get traffic. Registered as singletons in the host.</summary>
public interface IReadinessCheck
{
    /// <summary>Short name, as <c>configuration</c>.</summary>
    string Name { get; }

    /// <summary>Whether it holds now. Reads what is known and does no I/O, so that the answer comes at once whatever is broken.</summary>
    Readiness Check();
}
