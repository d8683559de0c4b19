using OrleansLb.Core.Sessions;

namespace OrleansLb.Frontend.Http.Affinity;

/// <summary>The learned session of a request, and what was known of it when the request set out.</summary>
/// <param name="PoolId">The pool.</param>
/// <param name="Key">The session.</param>
/// <param name="Binding">Its binding; of epoch 0 when the cluster gave none.</param>
internal sealed record SessionFeature(string PoolId, SessionKey Key, SessionBinding Binding);
