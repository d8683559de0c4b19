using OrleansLb.Contracts.Sessions;
using OrleansLb.Core;
using OrleansLb.Core.Sessions;

namespace OrleansLb.Grains.Sessions;

/// <summary>Between the wire and the machine, on the range's side.</summary>
internal static class SessionWireMapping
{
    public static SessionKey ToCore(this SessionId session) => new(session.High, session.Low);

    public static SessionClaim ToCore(this SessionRequest request) => new(
        request.Session.ToCore(),
        new BackendKey(request.Candidate),
        request.Replaces,
        new SessionBinding(new BackendKey(request.KnownBackend), request.KnownEpoch));

    public static SessionRecall ToCore(this SessionReport report) => new(
        report.NewestEpoch,
        Array.ConvertAll(report.Sessions, static session => new SessionRow(
            session.Session.ToCore(), new SessionBinding(new BackendKey(session.Backend), session.Epoch), session.Idle)));

    public static SessionReply ToWire(this SessionVerdict verdict, long configurationVersion) => new()
    {
        Outcome = (WireSessionOutcome)(int)verdict.Outcome,
        Backend = verdict.Binding.Backend.Value,
        BindingEpoch = verdict.Binding.Epoch,
        Epoch = verdict.Epoch,
        Version = verdict.Version,
        ConfigurationVersion = configurationVersion,
    };

    public static SessionChange ToWire(this SessionChanges changes, string poolId, int range) => new()
    {
        PoolId = poolId,
        Range = range,
        Epoch = changes.Epoch,
        FromVersion = changes.From,
        ToVersion = changes.To,
        Sessions = Array.ConvertAll(changes.Keys, static key => new SessionId(key.High, key.Low)),
        IsComplete = changes.IsComplete,
    };

    public static WireSession ToWire(this SessionRow row) =>
        new(new SessionId(row.Key.High, row.Key.Low), row.Binding.Backend.Value, row.Binding.Epoch, row.Idle);
}
