using OrleansLb.Core.Sessions;
using OrleansLb.Frontend.Sessions;

namespace OrleansLb.Frontend.Http.Affinity;

/// <summary>The learned session of a request, and what was known of it when the request set out.</summary>
/// <param name="PoolId">The pool.</param>
/// <param name="Key">The session.</param>
/// <param name="Binding">Its binding; of epoch 0 when the cluster gave none.</param>
/// <param name="Outcome">How its place was found.</param>
internal sealed record SessionFeature(string PoolId, SessionKey Key, SessionBinding Binding, SessionPlaceOutcome Outcome);
