using System.Collections.Immutable;

namespace OrleansLb.Configuration;

/// <summary>Keys of route metadata through which the compiled configuration speaks to our middleware.</summary>
public static class RouteMetadataKeys
{
    /// <summary>What every key of ours begins with; files may not use it.</summary>
    public const string Prefix = "OrleansLb.";

    /// <summary>
    /// Name of the rate-limit policy of a route, spelt as the policy is. It is here and no longer in
    /// <c>RouteConfig.RateLimiterPolicy</c> because YARP knows only policies that were registered when the process started.
    /// </summary>
    public const string RateLimiterPolicy = Prefix + "RateLimiterPolicy";

    /// <summary>
    /// The keys of a route's rate-limit policies in the order of their declaration, of which a route has the first so many. One key each, so that a
    /// request finds them without taking a text apart.
    /// </summary>
    public static readonly ImmutableArray<string> RateLimiterPolicies =
        [RateLimiterPolicy, .. Enumerable.Range(2, MostRateLimiterPolicies - 1).Select(static number => FormattableString.Invariant($"{RateLimiterPolicy}.{number}"))];

    /// <summary>Most policies of one route.</summary>
    public const int MostRateLimiterPolicies = 8;

    /// <summary>The part of the cluster's destinations that a route wants, as <see cref="RouteSubset"/> writes it.</summary>
    public const string Subset = Prefix + "Subset";

    /// <summary>Which part of a divided route this is, as <see cref="RouteVariant"/> writes it.</summary>
    public const string Variant = Prefix + "Variant";

    /// <summary>
    /// How long a request may take, in the format <c>c</c>. Written by the front-end, in the place of <c>RouteConfig.Timeout</c>, which YARP serves only with the framework's middleware for it.
    /// </summary>
    public const string Timeout = Prefix + "Timeout";

    /// <summary>The status of an answer to a request that took longer than that, where it is not 504.</summary>
    public const string TimeoutStatus = Prefix + "TimeoutStatus";

    /// <summary>The clients that may use a route, as <see cref="RouteAccess"/> writes it.</summary>
    public const string Access = Prefix + "Access";

    /// <summary>
    /// Name of the authentication policy of a route, spelt as the policy is. Written by the front-end that has the policy, in the place of <c>RouteConfig.AuthorizationPolicy</c>: YARP would have the
    /// framework ask who it is before it is known whether the client may use the route at all.
    /// </summary>
    public const string Authentication = Prefix + "Authentication";

    /// <summary>Where a route sends clients instead of to a backend, as <see cref="RedirectDefinition"/> writes it.</summary>
    public const string Redirect = Prefix + "Redirect";

    /// <summary>What a route answers by itself, as <see cref="PageDefinition"/> writes it.</summary>
    public const string Response = Prefix + "Response";

    /// <summary>That the cluster of a route is closed, as <see cref="MaintenanceDefinition"/> writes it.</summary>
    public const string Maintenance = Prefix + "Maintenance";

    /// <summary>What a route answers when its cluster has nobody to serve it, as <see cref="PageDefinition"/> writes it.</summary>
    public const string Unavailable = Prefix + "Unavailable";

    /// <summary>Which requests of a route are sent to another cluster too, as <see cref="MirrorDefinition"/> writes it.</summary>
    public const string Mirror = Prefix + "Mirror";

    /// <summary>After how long without the head of an answer a request is sent to a second backend too, in the format <c>c</c>.</summary>
    public const string Hedge = Prefix + "Hedge";
}
