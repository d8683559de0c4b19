using System.IO.Pipelines;

namespace OrleansLb.Frontend.Http.Http1;

/// <summary>A connection whose requests are looked at as they are read.</summary>
/// <param name="Input">What looks.</param>
/// <param name="Output">Where answers go.</param>
internal sealed record GuardedTransport(PipeReader Input, PipeWriter Output) : IDuplexPipe;
