using System.Collections.Immutable;
using OrleansLb.Configuration;
using OrleansLb.Contracts.Acme;
using OrleansLb.Contracts.Agents;
using OrleansLb.Contracts.Backends;
using OrleansLb.Contracts.Frontends;
using OrleansLb.Contracts.Routing;

namespace OrleansLb.Admin.Status;

/// <summary>
/// Collects the status document from the grains; each part is read at the same time as the others. Silos are those that this one knows: to
/// ask the store for them would leave operators blind just when it is down.
/// </summary>
internal sealed class ClusterStatusReader(IGrainFactory grains, IConfigurationView configuration, IClusterMembershipService membership)
{
    public async Task<ClusterStatus> Read()
    {
        var frontends = grains.GetGrain<IFrontendDirectoryGrain>(IFrontendDirectoryGrain.Key).List().AsTask();
        var accepted = grains.GetGrain<IConfigGrain>(IConfigGrain.Key).GetStatus().AsTask();
        var pools = configuration.Current.Snapshot.Pools.Keys
            .Order(StringComparer.Ordinal)
            .Select(Read)
            .ToArray();
        var certificates = ReadCertificates();
        await Task.WhenAll([frontends, accepted, certificates, .. pools]);

        return new ClusterStatus(
            (await accepted).Version,
            Summary(await accepted),
            ActiveSilos(),
            [.. (await frontends).Entries.Select(static entry => new FrontendSummary(entry.FrontendId, entry.Incarnation, entry.ConfigurationVersion, entry.Draining, entry.LimitsOnly)).OrderBy(static frontend => frontend.Id, StringComparer.Ordinal)],
            await Task.WhenAll(pools),
            [.. (await frontends).Departures.Where(static departure => departure.MayBeAlive).Select(Summary)],
            await certificates);
    }

    private async Task<IReadOnlyList<CertificateSummary>> ReadCertificates()
    {
        if (configuration.Current.Snapshot.Acme is null)
            return [];
        var status = await grains.GetGrain<IAcmeGrain>(IAcmeGrain.Key).GetStatus();
        return [.. status.Certificates.Select(one => new CertificateSummary(one.Name, one.Hosts, one.NotAfter, one.NextOrder, one.Failures, status.Fault ?? one.LastError))];
    }

    private IReadOnlyList<SiloSummary> ActiveSilos() =>
    [
        .. membership.CurrentSnapshot.Members.Values
            .Where(static member => member.Status == SiloStatus.Active)
            .Select(static member => new SiloSummary(member.Name, member.SiloAddress.Endpoint.ToString(), member.Status.ToString()))
            .OrderBy(static silo => silo.Name, StringComparer.Ordinal),
    ];

    private async Task<PoolSummary> Read(string pool)
    {
        var grain = grains.GetGrain<IPoolGrain>(pool);
        var status = grain.GetStatus().AsTask();
        var isLimited = configuration.Current.Snapshot.Pools.GetValueOrDefault(pool) is { Concurrency: not null };
        var slots = isLimited ? await grain.GetSlots() : null;
        return Summary(await status, slots);
    }

    private static VanishedFrontendSummary Summary(FrontendDeparture departure) =>
        new(departure.FrontendId, departure.Incarnation, departure.Ago.TotalSeconds, departure.ShareParts);

    private static ConfigurationSummary Summary(ConfigurationStatus status) => new(
        status.Digest,
        status.Source,
        status.When,
        status.LastRefusal is { } refusal
            ? new RefusalSummary(refusal.Source, refusal.When, [.. refusal.Errors.Select(static error => $"{error.Path}: {error.Message}")])
            : null,
        status.DivergentSilos,
        status.Trial is { } trial ? new TrialSummary(trial.ReturnTo, Summary(trial.Before)) : null,
        status.LastRollback is { } rollback
            ? new RollbackSummary(rollback.Failed, rollback.ReturnedTo, rollback.Version, rollback.When, Summary(rollback.Before), Summary(rollback.After))
            : null);

    private static CountedSummary Summary(CountedRequests count) => new(count.Requests, count.Failed);

    private static PoolSummary Summary(PoolStatus status, PoolSlotStatus? slots) => new(
        status.PoolId,
        status.IsComplete,
        status.EligibilityVersion,
        status.ArrivalRate,
        status.Frontends,
        [.. status.Backends.Select(backend => Summary(backend, slots))],
        status.Retries is { } retries ? new RetrySummary(retries.Requests, retries.Repeated, retries.Denied, retries.Left) : null);

    private static BackendSummary Summary(BackendStatus status, PoolSlotStatus? slots) => new(
        status.BackendId,
        status.Address,
        status.Generation,
        status.Weight,
        status.State,
        status.Reason,
        status.InStateFor.TotalSeconds,
        status.ForNewSessions,
        Summary(status.InFlight),
        status.ByFrontend.ToDictionary(static row => row.Key, static row => Summary(row.Value), StringComparer.Ordinal),
        Summary(slots, status.BackendId),
        status.Drain is { } drain ? new DrainSummary(drain.Phase, drain.Since, drain.Until, drain.TimedOut, drain.WaitingFor, drain.By) : null,
        status.Agent is { } agent ? Summary(agent) : null,
        status.Circuit is { } circuit ? new CircuitSummary(circuit.State.ToString(), circuit.OpenFor.TotalSeconds, circuit.IsTried, circuit.Evidence) : null);

    private static AgentSummary Summary(AgentReport agent) => new(
        agent.Said,
        agent.Outcome,
        agent.AnsweredAgo?.TotalSeconds,
        agent.State.WeightPercent,
        agent.State.Service.ToString(),
        agent.State.IsDown,
        agent.MaxConnections);

    private static SlotSummary? Summary(PoolSlotStatus? slots, string backend) => slots switch
    {
        null => null,
        { Limits: null } => Summary(slots.Limit, slots.Backends.GetValueOrDefault(backend) ?? [], null),
        { Limits: { } limits } => limits.TryGetValue(backend, out var limit) ? Summary(limit, slots.Backends.GetValueOrDefault(backend) ?? [], AdaptiveOf(slots, backend)) : null,
    };

    private static AdaptiveSummary? AdaptiveOf(PoolSlotStatus slots, string backend) => slots.Adaptive is { } all && all.TryGetValue(backend, out var one)
        ? new AdaptiveSummary(one.Quickest.TotalMilliseconds, one.Recent.TotalMilliseconds, one.IsMeasured)
        : null;

    private static SlotSummary Summary(int limit, ImmutableDictionary<string, SlotHolding> holdings, AdaptiveSummary? adaptive) => new(
        limit,
        holdings.Values.Sum(static each => each.Leased),
        holdings.Values.Sum(static each => each.InUse),
        holdings.Values.Sum(static each => each.Waiting),
        adaptive,
        holdings.ToDictionary(static row => row.Key, static row => new SlotHoldingSummary(row.Value.Leased, row.Value.InUse, row.Value.Waiting), StringComparer.Ordinal));

    private static InFlightSummary Summary(LoadCount count) => new(count.Requests, count.Connections);
}
