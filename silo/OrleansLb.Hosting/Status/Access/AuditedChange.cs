namespace OrleansLb.Hosting.Status.Access;

/// <summary>A change that somebody was let in for.</summary>
/// <param name="By">Who.</param>
internal sealed record AuditedChange(string By);
