using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using OrleansLb.Frontend.Http.Limits;

namespace OrleansLb.Frontend.Http.Http2;

/// <summary>A connection whose frames are counted as they are read and written.</summary>
internal sealed class MeteredTransport : IDuplexPipe
{
    public MeteredTransport(ConnectionContext connection, RejectionMetrics metrics, TimeProvider clock)
    {
        var refusals = new Http2Refusals(connection, metrics);
        (Input, Output) = (new MeteredReader(connection.Transport.Input, refusals, clock), new MeteredWriter(connection.Transport.Output, refusals));
    }

    public PipeReader Input { get; }

    public PipeWriter Output { get; }
}
