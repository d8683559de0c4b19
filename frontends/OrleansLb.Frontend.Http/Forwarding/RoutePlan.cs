using Yarp.ReverseProxy.Transforms;

namespace OrleansLb.Frontend.Http.Forwarding;

/// <summary>What is done to the heads of a route beside YARP's usual set.</summary>
/// <param name="KeepsHost">Whether the backend is shown the host that the client named, instead of the destination's own.</param>
/// <param name="Affinity">YARP's transform that binds the client to its backend when the answer's head is there; it looks at nothing of the answer but what the client gets. <see langword="null"/> without sessions.</param>
internal sealed record RoutePlan(bool KeepsHost, ResponseTransform? Affinity);
