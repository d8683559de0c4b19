using OrleansLb.Contracts.Frontends;
using OrleansLb.Contracts.Routing;
using OrleansLb.Core.Configuration.Rollbacks;

namespace OrleansLb.Grains.Routing;

/// <summary>Between the machine that takes versions back, what is stored of it and the wire.</summary>
internal static class RollbackMapping
{
    public static IEnumerable<FrontendTraffic> TrafficOf(this FrontendList frontends) => frontends.Carriers
        .Where(static entry => entry.Traffic is not null)
        .Select(static entry => new FrontendTraffic(entry.FrontendId, entry.Incarnation, entry.Traffic!.Version, entry.Traffic.ServedFor, ToModel(entry.Traffic.Count)))
        .Where(static traffic => traffic.IsPossible);

    public static ConfigurationTrial ToModel(this TriedConfiguration trial) => new(trial.Version, trial.ReturnTo, ToModel(trial.Before));

    public static TriedConfiguration ToWire(this ConfigurationTrial trial) => new(trial.Version, trial.ReturnTo, ToWire(trial.Before));

    public static ConfigurationRollback ToModel(this TakenBackConfiguration rollback) =>
        new(rollback.Failed, rollback.ReturnedTo, rollback.Version, rollback.When, ToModel(rollback.Before), ToModel(rollback.After));

    public static TakenBackConfiguration ToWire(this ConfigurationRollback rollback) =>
        new(rollback.Failed, rollback.ReturnedTo, rollback.Version, rollback.When, ToWire(rollback.Before), ToWire(rollback.After));

    private static RequestCount ToModel(CountedRequests count) => new(count.Requests, count.Failed);

    private static CountedRequests ToWire(RequestCount count) => new(count.Requests, count.Failed);
}
