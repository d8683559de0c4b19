using System.IO.Pipelines;
using OrleansLb.Frontend.Http.Limits;

namespace OrleansLb.Frontend.Http.Http2;

/// <summary>A connection whose frames are counted as they are read.</summary>
internal sealed class MeteredTransport(IDuplexPipe transport, RejectionMetrics metrics, TimeProvider clock) : IDuplexPipe
{
    public PipeReader Input { get; } = new MeteredReader(transport.Input, metrics, clock);

    public PipeWriter Output => transport.Output;
}
