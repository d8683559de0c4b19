using OrleansLb.Frontend.Http.Retries;
using Yarp.ReverseProxy.Model;

namespace OrleansLb.Frontend.Http.Hedging;

/// <summary>What a request was like before its attempts, of which one may be changing it when the other begins.</summary>
/// <param name="Headers">The fields that its answer had.</param>
/// <param name="Proxy">YARP's view of it.</param>
/// <param name="Aborted">The end of the request.</param>
internal sealed record HedgeStart(HeaderMark Headers, IReverseProxyFeature Proxy, CancellationToken Aborted);
