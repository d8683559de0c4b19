using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;

namespace OrleansLb.Frontend.Http.Hosting;

/// <summary>Where what waits for a socket goes on.</summary>
internal static class SocketCompletions
{
    /// <summary>Read by .NET when the process makes its first socket, and there is no other switch for it.</summary>
    private const string Inlined = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>Lets it go on where readiness is noticed, for the server's sockets and all others of the process. Before the first socket.</summary>
    public static void InlineSocketCompletions(this WebApplicationBuilder builder)
    {
        Environment.SetEnvironmentVariable(Inlined, "1");
        builder.Services.Configure<SocketTransportOptions>(static options => options.UnsafePreferInlineScheduling = true);
    }
}
