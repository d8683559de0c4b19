using OrleansLb.Contracts.Backends;
using OrleansLb.Core;
using OrleansLb.Testing.Clusters;

namespace OrleansLb.Grains.Tests.Health;

/// <summary>A front-end's side of the exchange, with the outcomes that a test says it had.</summary>
internal sealed class ReportingFrontend(IPoolGrain pool, string id)
{
    private readonly Dictionary<BackendKey, OutcomeCount> _outcomes = [];
    private ExchangeReply? _last;
    private long _sequence;

    /// <summary>Has gateway failures in a row.</summary>
    public void Fail(BackendKey key, int times)
    {
        var before = _outcomes.GetValueOrDefault(key);
        _outcomes[key] = new OutcomeCount(
            key.Value, before.Answers + times, before.GatewayFailures + times, before.ServerErrors + times, before.Run + times, before.HeadTicks);
    }

    /// <summary>Has answers, some of them server errors that are no gateway failures.</summary>
    public void Answer(BackendKey key, int good, int errors = 0, long headTicks = 10_000)
    {
        var before = _outcomes.GetValueOrDefault(key);
        _outcomes[key] = new OutcomeCount(
            key.Value, before.Answers + good + errors, before.GatewayFailures, before.ServerErrors + errors, 0, before.HeadTicks + (good * headTicks));
    }

    public async Task<ExchangeReply> Exchange() => _last = await Answers.Of(() => pool.Exchange(Report()));

    private ExchangeRequest Report() => new()
    {
        FrontendId = id,
        Incarnation = 1,
        Sequence = ++_sequence,
        BaseSequence = 0,
        AckedEpoch = _last?.Epoch ?? new LoadEpoch(0, ""),
        AckedVersion = _last?.Version ?? 0,
        Tau = TimeSpan.FromMilliseconds(50),
        Arrivals = _sequence,
        Completions = 0,
        ServiceTime = TimeSpan.Zero,
        Entries = [],
        Outcomes = [.. _outcomes.Values],
    };
}
