using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrleansLb.Configuration;

namespace OrleansLb.Frontend.Http.Hosting;

/// <summary>Makes the client's address what trusted proxies say it is.</summary>
internal static class TrustedProxies
{
    /// <summary>Adds this where proxies are trusted; without any, nobody's word counts and no request pays for the question.</summary>
    public static void UseTrustedProxies(this IApplicationBuilder application)
    {
        var proxies = application.ApplicationServices.GetRequiredService<IOptions<HttpFrontendOptions>>().Value.TrustedProxies;
        if (proxies.Count == 0)
            return;
        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,
            // As many as there are in a row: the first that is not trusted ends the walk.
            ForwardLimit = null,
        };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in proxies)
        {
            if (NetworkText.TryParse(proxy, out var network))
                options.KnownIPNetworks.Add(network);
        }

        application.UseForwardedHeaders(options);
    }
}
