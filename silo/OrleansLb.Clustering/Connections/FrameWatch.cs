using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime.Messaging;
using OrleansLb.Hosting.Telemetry;

namespace OrleansLb.Clustering.Connections;

/// <summary>Counts the connections that a silo ends because they announce a message which is longer than any may be.</summary>
internal sealed class FrameWatch(IOptions<SiloMessagingOptions> messaging, RejectionCounter rejected) : IConnectionMiddleware
{
    private const string Surface = "cluster";
    private const string TooLong = "cluster.frame";

    private readonly MessageFrames _frames = new(messaging.Value.MaxMessageHeaderSize, messaging.Value.MaxMessageBodySize);

    public async Task OnConnectionAsync(ConnectionContext context, ConnectionDelegate next)
    {
        var own = context.Transport;
        context.Transport = new WatchedTransport(new WatchedInput(own.Input, _frames, () => rejected.Count(Surface, TooLong)), own.Output);
        try
        {
            await next(context);
        }
        finally
        {
            context.Transport = own;
        }
    }

    private sealed record WatchedTransport(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
