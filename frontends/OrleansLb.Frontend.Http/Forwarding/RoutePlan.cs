namespace OrleansLb.Frontend.Http.Forwarding;

/// <summary>What is done to the head of each request of a route.</summary>
internal enum RoutePlan
{
    /// <summary>Something that only YARP knows.</summary>
    Transformed,

    /// <summary>YARP's usual set, with the destination's own host.</summary>
    Usual,

    /// <summary>The same, with the host that the client named.</summary>
    OriginalHost,
}
