using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using OrleansLb.Core.Snapshots;
using OrleansLb.Frontend.Http.Forwarding;
using OrleansLb.Frontend.Http.Limits;
using Yarp.ReverseProxy.Forwarder;

namespace OrleansLb.Frontend.Http.Retries;

/// <summary>
/// A short body of a request that may be done twice, read whole before the request sets out, so that it can be sent again. A client that sends slowly keeps no backend waiting meanwhile.
/// </summary>
internal sealed class KeptBody : IDisposable
{
    private readonly ReplacedBody _replaced;
    private readonly byte[] _bytes;
    private readonly int _length;

    private KeptBody(HttpContext context, byte[] bytes, int length)
    {
        (_replaced, _bytes, _length) = (new ReplacedBody(context), bytes, length);
        Rewind();
    }

    /// <summary>
    /// Whether a request has a body to keep. It has not if it may not be done twice, its body is too long or of unknown length, or its client waits to be asked for it.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="rules">The pool's rules.</param>
    /// <param name="length">The length of the body.</param>
    public static bool IsToKeep(HttpContext context, RetryDefinition rules, out int length)
    {
        length = 0;
        return context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true } && IsToKeep(context.Request, rules, out length);
    }

    /// <summary>Reads the body.</summary>
    /// <param name="context">The request.</param>
    /// <param name="length">How long it is.</param>
    /// <exception cref="IOException">It ends early, is none, or came too slowly.</exception>
    /// <exception cref="OperationCanceledException">The client has gone.</exception>
    public static async Task<KeptBody> Read(HttpContext context, int length)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            await context.Request.Body.ReadExactlyAsync(bytes.AsMemory(0, length), context.RequestAborted);
            return new KeptBody(context, bytes, length);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(bytes);
            throw;
        }
    }

    /// <summary>Answers a request whose body could not be read as a forwarder does that reads it while it sends it.</summary>
    /// <param name="context">The request.</param>
    /// <param name="exception">How it failed.</param>
    /// <param name="rejections">Where it is counted.</param>
    public static void Refuse(HttpContext context, Exception exception, RejectionMetrics rejections)
    {
        var error = context.RequestAborted.IsCancellationRequested ? ForwarderError.RequestBodyCanceled : ForwarderError.RequestBodyClient;
        var failure = new ForwardedError(error, exception);
        context.Features.Set<IForwarderErrorFeature>(failure);
        rejections.BodyRejected(context, failure);
        context.Response.StatusCode = exception is BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status400BadRequest;
    }

    /// <summary>Lets the body be read from its beginning. A stream of its own each time: readers are kept with the stream that they read.</summary>
    public void Rewind() => _replaced.Become(new MemoryStream(_bytes, 0, _length, writable: false));

    public void Dispose()
    {
        _replaced.Restore();
        ArrayPool<byte>.Shared.Return(_bytes);
    }

    private static bool IsToKeep(HttpRequest request, RetryDefinition rules, out int length)
    {
        length = request.ContentLength is > 0 and var said && said <= rules.MaxBodySize ? (int)said : 0;
        return length > 0
            && rules is { MaxAttempts: > 1 } and ({ OnReset: true } or { OnStatuses: not null })
            && IdempotentMethods.Contains(request.Method)
            && !request.Headers.ContainsKey(HeaderNames.TransferEncoding)
            && !request.Headers.ContainsKey(HeaderNames.Expect);
    }
}
