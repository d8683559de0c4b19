namespace OrleansLb.Contracts.Health;

/// <summary>Asks a front-end when it last had an answer from a backend.</summary>
/// <param name="PoolId">The pool.</param>
/// <param name="BackendKey">Which backend, in which generation.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.AnswerQuery")]
public sealed record AnswerQuery(
    [property: Id(0)] string PoolId,
    [property: Id(1)] ulong BackendKey);
