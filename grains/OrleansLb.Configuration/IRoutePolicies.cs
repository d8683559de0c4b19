namespace OrleansLb.Configuration;

/// <summary>What routes may name in the process that serves them: its policies are its own, since they have files and keys that the cluster's configuration has not.</summary>
public interface IRoutePolicies
{
    /// <summary>Names for <c>AuthorizationPolicy</c>, for people.</summary>
    IReadOnlyCollection<string> AuthorizationNames { get; }

    /// <summary>Names for <c>CorsPolicy</c>, for people.</summary>
    IReadOnlyCollection<string> CorsNames { get; }

    /// <summary>Whether a route may have this <c>AuthorizationPolicy</c>, words of YARP's own among them.</summary>
    /// <param name="name">What the route says.</param>
    bool HasAuthorization(string name);

    /// <summary>Whether a route may have this <c>CorsPolicy</c>, words of YARP's own among them.</summary>
    /// <param name="name">What the route says.</param>
    bool HasCors(string name);
}
