using OrleansLb.Core.Affinity;
using OrleansLb.Frontend.Pools;

namespace OrleansLb.Frontend.Http.Affinity;

/// <summary>What a request's session said when the request arrived.</summary>
/// <param name="Pool">The pool of the version in force at that moment.</param>
/// <param name="Opening">What the client's cookie gave.</param>
/// <param name="Decision">Where the session leads.</param>
internal sealed record AffinityFeature(FrontendPool Pool, AffinityOpening Opening, AffinityDecision Decision);
