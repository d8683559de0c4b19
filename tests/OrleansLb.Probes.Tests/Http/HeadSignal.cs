using OrleansLb.Probes.Http;
using OrleansLb.Probes.Network;

namespace OrleansLb.Probes.Tests.Http;

/// <summary>The probes' own network, which says when the head of an answer has arrived.</summary>
internal sealed class HeadSignal() : DelegatingHandler(HttpProbe.WithoutMemory(new HttpHandlers(new TcpNetwork(), []).Create()))
{
    public TaskCompletionSource Received { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        Received.TrySetResult();
        return response;
    }
}
