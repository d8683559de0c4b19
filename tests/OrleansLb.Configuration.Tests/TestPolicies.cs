namespace OrleansLb.Configuration.Tests;

/// <summary>What routes may name in the process that compiles.</summary>
internal sealed class TestPolicies : IRoutePolicies
{
    public IReadOnlyCollection<string> AuthorizationNames { get; } = ["Default", "Anonymous", "employees"];

    public IReadOnlyCollection<string> CorsNames { get; } = ["Default", "Disable", "shop"];

    public bool HasAuthorization(string name) => AuthorizationNames.Contains(name, StringComparer.OrdinalIgnoreCase);

    public bool HasCors(string name) => CorsNames.Contains(name, StringComparer.OrdinalIgnoreCase);
}
