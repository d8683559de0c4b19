namespace OrleansLb.Contracts.Backends;

/// <summary>What came of one front-end's requests to one backend generation since the front-end's incarnation began.</summary>
/// <param name="Key">Key of the backend generation.</param>
/// <param name="Answers">Requests answered, or failed by the backend.</param>
/// <param name="GatewayFailures">Of these: 502, 503, 504, not connected, reset, no answer in time.</param>
/// <param name="ServerErrors">Of these: every 5xx and every gateway failure.</param>
/// <param name="Run">Gateway failures since the last other outcome.</param>
/// <param name="HeadTicks">Sum of the times to the heads of answers that are no server errors, in units of 100 ns.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.OutcomeCount")]
public readonly record struct OutcomeCount(
    [property: Id(0)] ulong Key,
    [property: Id(1)] long Answers,
    [property: Id(2)] long GatewayFailures,
    [property: Id(3)] long ServerErrors,
    [property: Id(4)] int Run,
    [property: Id(5)] long HeadTicks);
