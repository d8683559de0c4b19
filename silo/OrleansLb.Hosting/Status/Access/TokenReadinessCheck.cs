namespace OrleansLb.Hosting.Status.Access;

/// <summary>Says whether the file of tokens can be used. A process stays ready without: it has those from before, and traffic has nothing to do with them.</summary>
internal sealed class TokenReadinessCheck(StatusAccess access) : IReadinessCheck
{
    public string Name => "status tokens";

    public Readiness Check() => Readiness.Ready(access.Tokens?.Fault is { } fault ? $"the present file cannot be used: {fault}" : "the file was read");
}
