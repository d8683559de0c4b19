using OrleansLb.Frontend.Http.Hosting;

namespace OrleansLb.Frontend.Http.Authentication;

/// <summary>Who may use routes, by what clients show of themselves. A route chooses a policy by its name, with YARP's <c>AuthorizationPolicy</c>.</summary>
public sealed class EdgeAuthenticationOptions
{
    public const string SectionName = HttpFrontendOptions.SectionName + ":Authentication";

    /// <summary>The policies, each by the name by which routes choose it.</summary>
    public IDictionary<string, AuthenticationPolicyOptions> Policies { get; } = new SortedDictionary<string, AuthenticationPolicyOptions>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Name of the policy that YARP's word <c>default</c> means.</summary>
    /// <value>Default: none, and routes that say it are refused unless the application has authentication of its own.</value>
    public string? Default { get; set; }
}
