using Microsoft.AspNetCore.Http;
using OrleansLb.Frontend.Http.Limits;
using Yarp.ReverseProxy.Forwarder;

namespace OrleansLb.Frontend.Http.Forwarding;

/// <summary>Looks at the fields of what YARP's forwarder is about to send, which passes on nearly all of them.</summary>
internal sealed class StrictForwarder(IHttpForwarder inner, FieldRules rules, RejectionMetrics metrics) : IHttpForwarder
{
    public ValueTask<ForwarderError> SendAsync(HttpContext context, string destinationPrefix, HttpMessageInvoker httpClient, ForwarderRequestConfig requestConfig, HttpTransformer transformer) =>
        SendAsync(context, destinationPrefix, httpClient, requestConfig, transformer, CancellationToken.None);

    public ValueTask<ForwarderError> SendAsync(
        HttpContext context,
        string destinationPrefix,
        HttpMessageInvoker httpClient,
        ForwarderRequestConfig requestConfig,
        HttpTransformer transformer,
        CancellationToken cancellationToken)
    {
        if (rules.Apply(context.Request.Headers) is not { } fault)
            return inner.SendAsync(context, destinationPrefix, httpClient, requestConfig, transformer, cancellationToken);
        // No backend has failed.
        fault.Answer(context, metrics);
        return ValueTask.FromResult(ForwarderError.None);
    }
}
