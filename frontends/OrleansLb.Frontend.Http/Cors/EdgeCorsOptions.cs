using OrleansLb.Frontend.Http.Hosting;

namespace OrleansLb.Frontend.Http.Cors;

/// <summary>What browsers are told of pages of other origins (CORS). A route chooses a policy by its name, with YARP's <c>CorsPolicy</c>.</summary>
public sealed class EdgeCorsOptions
{
    public const string SectionName = HttpFrontendOptions.SectionName + ":Cors";

    /// <summary>The policies, each by the name by which routes choose it.</summary>
    public IDictionary<string, EdgeCorsPolicyOptions> Policies { get; } = new SortedDictionary<string, EdgeCorsPolicyOptions>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Name of the policy that YARP's word <c>default</c> means.</summary>
    /// <value>Default: none, and routes that say it are refused unless the application has a default policy of its own.</value>
    public string? Default { get; set; }
}
