namespace OrleansLb.Configuration.RateLimits;

/// <summary>Values of a route's <c>RateLimiterPolicy</c> that YARP gives a meaning of its own.</summary>
internal static class ReservedPolicyNames
{
    public static bool Contains(string name) =>
        name.Equals("Default", StringComparison.OrdinalIgnoreCase) || name.Equals("Disable", StringComparison.OrdinalIgnoreCase);
}
