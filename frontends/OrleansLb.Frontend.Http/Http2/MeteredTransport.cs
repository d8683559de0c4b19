using System.IO.Pipelines;
using OrleansLb.Frontend.Http.Limits;

namespace OrleansLb.Frontend.Http.Http2;

/// <summary>A connection whose frames are counted as they are read and written.</summary>
internal sealed class MeteredTransport : IDuplexPipe
{
    public MeteredTransport(IDuplexPipe transport, RejectionMetrics metrics, TimeProvider clock)
    {
        var resets = new ProvokedResets();
        (Input, Output) = (new MeteredReader(transport.Input, resets, metrics, clock), new MeteredWriter(transport.Output, resets));
    }

    public PipeReader Input { get; }

    public PipeWriter Output { get; }
}
