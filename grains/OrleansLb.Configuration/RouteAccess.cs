using System.Net;
using OrleansLb.Core.Networks;

namespace OrleansLb.Configuration;

/// <summary>Which clients may use a route. Written into one entry of the route's metadata.</summary>
public sealed class RouteAccess
{
    private const char Separator = '\n';
    private const char AllowSign = '+';
    private const char DenySign = '-';

    private readonly NetworkSet _allowed;
    private readonly NetworkSet _denied;

    private RouteAccess(NetworkSet allowed, NetworkSet denied) => (_allowed, _denied) = (allowed, denied);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <param name="text">The entry.</param>
    public static RouteAccess Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var lines = text.Split(Separator, StringSplitOptions.RemoveEmptyEntries);
        return new RouteAccess(Networks(lines, AllowSign), Networks(lines, DenySign));
    }

    /// <summary>Writes the entry.</summary>
    /// <param name="allowed">Networks whose clients may; when there are any, others may not.</param>
    /// <param name="denied">Networks whose clients may not, even if they are among the allowed.</param>
    public static string Write(IEnumerable<IPNetwork> allowed, IEnumerable<IPNetwork> denied) => string.Join(
        Separator,
        allowed.Select(static network => $"{AllowSign}{network}").Concat(denied.Select(static network => $"{DenySign}{network}")));

    /// <summary>Whether a client may use the route.</summary>
    /// <param name="client">Its address; a connection without one is in no network.</param>
    public bool Admits(IPAddress? client) => !_denied.Contains(client) && (_allowed.IsEmpty || _allowed.Contains(client));

    private static NetworkSet Networks(string[] lines, char sign) =>
        NetworkSet.Of(lines.Where(line => line[0] == sign).Select(static line => IPNetwork.Parse(line.AsSpan(1))));
}
