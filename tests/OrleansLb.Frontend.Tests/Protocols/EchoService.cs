using Grpc.Core;

namespace OrleansLb.Frontend.Tests.Protocols;

/// <summary>The gRPC backend.</summary>
internal sealed class EchoService(HeldCall held) : Echo.EchoBase
{
    public override Task<Words> Say(Words request, ServerCallContext context)
    {
        // As a server that reports its load does.
        if (context.RequestHeaders.GetValueBytes("report-bin") is { } report)
            context.ResponseTrailers.Add("endpoint-load-metrics-bin", report);
        return request.Text == "fail" ? throw new RpcException(new Status(StatusCode.FailedPrecondition, "as asked")) : Task.FromResult(request);
    }

    public override async Task Spell(Words request, IServerStreamWriter<Words> responseStream, ServerCallContext context)
    {
        foreach (var letter in request.Text)
            await responseStream.WriteAsync(new Words { Text = $"{letter}" }, context.CancellationToken);
        context.ResponseTrailers.Add("letters", $"{request.Text.Length}");
    }

    public override async Task<Words> Join(IAsyncStreamReader<Words> requestStream, ServerCallContext context)
    {
        var texts = new List<string>();
        await foreach (var words in requestStream.ReadAllAsync(context.CancellationToken))
            texts.Add(words.Text);
        return new Words { Text = string.Join(' ', texts) };
    }

    public override Task<Words> Wait(Words request, ServerCallContext context) => held.Hold(context);

    public override async Task Converse(IAsyncStreamReader<Words> requestStream, IServerStreamWriter<Words> responseStream, ServerCallContext context)
    {
        await foreach (var words in requestStream.ReadAllAsync(context.CancellationToken))
            await responseStream.WriteAsync(words, context.CancellationToken);
    }
}
