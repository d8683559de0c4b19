using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text;

namespace OrleansLb.Frontend.Http.Forwarding;

/// <summary>What a destination's address says, read once.</summary>
internal sealed class BackendTarget
{
    // Characters that the Uri class leaves as they are, wherever they stand in a path.
    private static readonly SearchValues<char> PlainPath = SearchValues.Create("!$&'()*+,-./0123456789:;=@ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~");

    private ConnectionPool? _pool;

    private BackendTarget(string prefix, Uri? address)
    {
        Prefix = prefix;
        if (address is null)
            return;
        IsUsable = true;
        EndPoint = IPAddress.TryParse(address.IdnHost, out var ip) ? new IPEndPoint(ip, address.Port) : new DnsEndPoint(address.IdnHost, address.Port);
        var host = address.HostNameType == UriHostNameType.IPv6 ? $"[{address.IdnHost}]" : address.IdnHost;
        Host = address.IsDefaultPort ? host : string.Create(CultureInfo.InvariantCulture, $"{host}:{address.Port}");
        HostBytes = Encoding.ASCII.GetBytes(Host);
        var path = prefix.IndexOf('/', Uri.UriSchemeHttp.Length + Uri.SchemeDelimiter.Length);
        PathBase = (path < 0 ? "" : prefix[path..]).TrimEnd('/');
        HasPlainPathBase = IsPlainPath(PathBase) && !prefix.EndsWith("//", StringComparison.Ordinal);
    }

    public string Prefix { get; }

    /// <summary>Whether the direct forwarder can go there: plain HTTP at a host.</summary>
    public bool IsUsable { get; }

    public EndPoint EndPoint { get; } = null!;

    /// <summary>Host and port, as a <c>Host</c> field has them.</summary>
    public string Host { get; } = "";

    public byte[] HostBytes { get; } = [];

    /// <summary>What is before the path of each request, without a slash at its end.</summary>
    public string PathBase { get; } = "";

    /// <summary>Whether that goes out as it is.</summary>
    public bool HasPlainPathBase { get; }

    public static BackendTarget Parse(string prefix) => new(
        prefix,
        Uri.TryCreate(prefix, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttp && address.Query.Length == 0 && address.Fragment.Length == 0
            && address.UserInfo.Length == 0 && prefix.StartsWith("http://", StringComparison.OrdinalIgnoreCase) ? address : null);

    /// <summary>Whether a path goes out as it is: nothing to escape in it, and no dots to resolve.</summary>
    public static bool IsPlainPath(string path) =>
        !path.AsSpan().ContainsAnyExcept(PlainPath) && !path.Contains("/.", StringComparison.Ordinal);

    /// <summary>The connections to go there with.</summary>
    /// <param name="pools">All connections.</param>
    /// <param name="most">How many there may be; <see langword="null"/> for any number.</param>
    public ConnectionPool Pool(ConnectionPools pools, int? most)
    {
        if (_pool is { IsRetired: false } pool && pool.Most == most)
            return pool;
        return _pool = pools.Get(this, most);
    }
}
