using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansLb.Core;
using OrleansLb.Core.AccessLog;
using OrleansLb.Hosting.Telemetry;

namespace OrleansLb.Frontend.Http.Refusals;

/// <summary>Says in the log of the process which requests and connections were refused; of one reason only so many a second, or whoever is refused would fill it.</summary>
internal sealed partial class RefusalLog([FromKeyedServices(Clocks.Key)] TimeProvider clock, ILogger<RefusalLog> logger)
{
    private const int LongestRequest = 64;

    private readonly LineBudget _lines = new(clock);

    /// <summary>A request is refused.</summary>
    /// <param name="features">What is known of it, which may be nothing but where it came from.</param>
    /// <param name="reason">Why, one of a fixed list.</param>
    public void Refused(IFeatureCollection features, string reason)
    {
        if (!logger.IsEnabled(LogLevel.Information) || !_lines.Take(reason))
            return;
        var (request, connection) = (features.GetRequiredFeature<IHttpRequestFeature>(), features.GetRequiredFeature<IHttpConnectionFeature>());
        LogRefused(logger, PeerOf(connection.RemoteIpAddress), connection.LocalPort, reason, TextOf(request));
    }

    /// <summary>A connection is refused.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="reason">Why, one of a fixed list.</param>
    public void Refused(ConnectionContext connection, string reason)
    {
        if (logger.IsEnabled(LogLevel.Information) && _lines.Take(reason))
            LogConnectionRefused(logger, PeerOf((connection.RemoteEndPoint as IPEndPoint)?.Address), (connection.LocalEndPoint as IPEndPoint)?.Port ?? 0, reason);
    }

    private static string PeerOf(IPAddress? peer) => peer switch
    {
        null => "nowhere",
        { IsIPv4MappedToIPv6: true } mapped => mapped.MapToIPv4().ToString(),
        var address => address.ToString(),
    };

    /// <summary>What could be read of it, but for queries and all fields, which may have keys in them.</summary>
    private static string TextOf(IHttpRequestFeature request)
    {
        var text = $"{request.Method} {LoggedTarget.PathOf(request.RawTarget, withQuery: false)}".Trim();
        return string.Create(Math.Min(text.Length, LongestRequest), text, static (line, from) =>
        {
            for (var i = 0; i < line.Length; i++)
                line[i] = from[i] is >= ' ' and <= '~' ? from[i] : '?';
        });
    }
}
