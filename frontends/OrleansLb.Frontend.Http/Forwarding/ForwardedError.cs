using Yarp.ReverseProxy.Forwarder;

namespace OrleansLb.Frontend.Http.Forwarding;

/// <summary>What went wrong, for whoever comes after the forwarder.</summary>
internal sealed record ForwardedError(ForwarderError Error, Exception? Exception) : IForwarderErrorFeature;
