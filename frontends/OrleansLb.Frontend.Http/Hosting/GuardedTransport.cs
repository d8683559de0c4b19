using System.IO.Pipelines;

namespace OrleansLb.Frontend.Http.Hosting;

/// <summary>A connection that is looked at as it is read.</summary>
/// <param name="Input">What looks.</param>
/// <param name="Output">Where answers go.</param>
internal sealed record GuardedTransport(PipeReader Input, PipeWriter Output) : IDuplexPipe;
