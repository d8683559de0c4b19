using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace OrleansLb.Frontend.Http.Tls;

/// <summary>Tells backends which certificate a client showed. What a client says of that itself is no such thing and is removed, also where nobody is asked for one.</summary>
internal sealed class ClientCertificateMiddleware(RequestDelegate next)
{
    /// <summary>Envoy's name for it.</summary>
    public const string Field = "X-Forwarded-Client-Cert";

    // Streams of a connection ask at once.
    private static readonly ConditionalWeakTable<X509Certificate2, string> Texts = [];

    public Task InvokeAsync(HttpContext context)
    {
        var fields = context.Request.Headers;
        fields.Remove(Field);
        // The connection's own property would make a feature for each request that has none.
        if (context.Features.Get<ITlsConnectionFeature>()?.ClientCertificate is { } certificate)
            fields[Field] = Texts.GetValue(certificate, ClientCertificateText.Of);
        return next(context);
    }
}
