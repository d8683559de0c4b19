using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace OrleansLb.Frontend.Http.Tls;

/// <summary>Tells backends which certificate a client showed. What a client says of that itself is no such thing and is removed, also where nobody is asked for one.</summary>
internal sealed class ClientCertificateMiddleware(RequestDelegate next)
{
    /// <summary>Envoy's name for it.</summary>
    public const string Field = "X-Forwarded-Client-Cert";

    private static readonly object Key = new();

    public Task InvokeAsync(HttpContext context)
    {
        var fields = context.Request.Headers;
        fields.Remove(Field);
        // The connection's own property would make a feature for each request that has none.
        if (context.Features.Get<ITlsConnectionFeature>()?.ClientCertificate is { } certificate)
            fields[Field] = TextOf(context, certificate);
        return next(context);
    }

    /// <summary>The same for all requests of a connection.</summary>
    private static string TextOf(HttpContext context, X509Certificate2 certificate)
    {
        if (context.Features.Get<IConnectionItemsFeature>() is not { } connection)
            return ClientCertificateText.Of(certificate);
        if (!connection.Items.TryGetValue(Key, out var text))
            connection.Items[Key] = text = ClientCertificateText.Of(certificate);
        return (string)text!;
    }
}
