using OrleansLb.Contracts.Sessions;
using OrleansLb.Core;
using OrleansLb.Core.Sessions;

namespace OrleansLb.Frontend.Sessions;

/// <summary>Between the machines and the wire, on the front-end's side.</summary>
internal static class SessionWireMapping
{
    public static SessionRequest ToWire(this in SessionClaim claim, FrontendIdentity identity, long epoch) => new()
    {
        FrontendId = identity.Id,
        Incarnation = identity.Incarnation,
        Epoch = epoch,
        Session = new SessionId(claim.Key.High, claim.Key.Low),
        Candidate = claim.Candidate.Value,
        Replaces = claim.Replaces,
        KnownBackend = claim.Known.Backend.Value,
        KnownEpoch = claim.Known.Epoch,
    };

    public static SessionVerdict ToCore(this SessionReply reply) => new(
        (SessionOutcome)(int)reply.Outcome,
        new SessionBinding(new BackendKey(reply.Backend), reply.BindingEpoch),
        reply.Epoch,
        reply.Version);

    public static SessionChanges ToCore(this SessionChange change) => new(
        change.Epoch,
        change.FromVersion,
        change.ToVersion,
        Array.ConvertAll(change.Sessions, static session => new SessionKey(session.High, session.Low)),
        change.IsComplete);

    public static SessionReport ToWire(this SessionRecall recall) => new(
        recall.NewestEpoch,
        Array.ConvertAll(recall.Rows, static row => new WireSession(
            new SessionId(row.Key.High, row.Key.Low), row.Binding.Backend.Value, row.Binding.Epoch, row.Idle)));
}
