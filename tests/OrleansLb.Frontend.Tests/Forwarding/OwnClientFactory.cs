using Yarp.ReverseProxy.Forwarder;

namespace OrleansLb.Frontend.Tests.Forwarding;

/// <summary>An application's own clients.</summary>
internal sealed class OwnClientFactory : ForwarderHttpClientFactory;
