using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime.Messaging;
using Orleans.Serialization.Session;
using OrleansLb.Clustering.Names;
using OrleansLb.Hosting.Telemetry;

namespace OrleansLb.Clustering.Connections;

/// <summary>
/// Has clients be who they say they are. The gateway takes a message's sender as it comes, so whoever speaks Orleans' protocol by himself could call as another client, as a silo or as a grain.
/// Whose certificate has the id of a front-end comes in as that one.
/// </summary>
internal sealed class SenderWatch(IOptions<SiloMessagingOptions> messaging, SerializerSessionPool sessions, RejectionCounter rejected) : IConnectionMiddleware
{
    private const string Surface = "cluster";
    private const string AnotherSender = "cluster.sender";

    private readonly MessageFrames _frames = new(messaging.Value.MaxMessageHeaderSize, messaging.Value.MaxMessageBodySize);
    private readonly ClientIntroduction _introductions = new(sessions);

    public async Task OnConnectionAsync(ConnectionContext context, ConnectionDelegate next)
    {
        var own = context.Transport;
        var names = context.Features.GetRequiredFeature<AllowedNames>();
        var input = new SenderCheckedInput(own.Input, _frames, introduction => Sender(introduction, names), () => rejected.Count(Surface, AnotherSender));
        context.Transport = new CheckedTransport(input, own.Output);
        try
        {
            await next(context);
        }
        finally
        {
            context.Transport = own;
        }
    }

    private KnownSender? Sender(in ReadOnlySequence<byte> introduction, AllowedNames names) =>
        _introductions.Read(introduction) is { } client && names.Allow(client) ? KnownSender.Of(client, sessions) : null;

    private sealed record CheckedTransport(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
