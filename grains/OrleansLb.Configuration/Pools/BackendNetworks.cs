using System.Net;
using OrleansLb.Configuration.Settings;

namespace OrleansLb.Configuration.Pools;

/// <summary>
/// Where backends may not be unless the configuration allows it: link-local networks and the metadata services of clouds,
/// which would hand a stranger the credentials of the machine. Names are compared as they stand; what they resolve to is not
/// known here.
/// </summary>
internal sealed class BackendNetworks
{
    private static readonly (IPNetwork Network, string What)[] Refused =
    [
        (IPNetwork.Parse("169.254.0.0/16"), "a link-local address (cloud metadata services live there)"),
        (IPNetwork.Parse("fe80::/10"), "a link-local address"),
        (IPNetwork.Parse("fd00:ec2::254/128"), "a cloud metadata service"),
        (IPNetwork.Parse("fd20:ce::254/128"), "a cloud metadata service"),
        (IPNetwork.Parse("100.100.100.200/32"), "a cloud metadata service"),
        (IPNetwork.Parse("168.63.129.16/32"), "a cloud metadata service"),
        (IPNetwork.Parse("192.0.0.192/32"), "a cloud metadata service"),
    ];

    private static readonly string[] RefusedNames =
    [
        "metadata",
        "metadata.google.internal",
        "metadata.goog",
        "instance-data",
        "instance-data.ec2.internal",
        "metadata.tencentyun.com",
        "metadata.platformequinix.com",
    ];

    private readonly List<IPNetwork> _networks = [];
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);

    private BackendNetworks()
    {
    }

    public static BackendNetworks Read(SettingsNode root, Problems problems)
    {
        var allowed = new BackendNetworks();
        foreach (var entry in root.Find(SettingsDocument.AllowedBackendNetworksSection)?.Children ?? [])
            allowed.Allow(entry, problems);
        return allowed;
    }

    /// <summary>Why an address is refused; <see langword="null"/> when it is not.</summary>
    public string? Fault(Uri address)
    {
        var host = address.DnsSafeHost.TrimEnd('.');
        var what = IPAddress.TryParse(host, out var ip) ? FaultOf(Unmapped(ip)) : FaultOf(host);
        return what is null ? null : $"{Quote.Value(host)} is {what}; list it in {SettingsDocument.AllowedBackendNetworksSection} if that is meant";
    }

    private void Allow(SettingsNode entry, Problems problems)
    {
        var value = entry.Value ?? "";
        if (NetworkText.TryParse(value, out var network))
            _networks.Add(network);
        else if (Uri.CheckHostName(value) == UriHostNameType.Dns)
            _names.Add(value.TrimEnd('.'));
        else
            problems.Error(entry.Path, $"{Quote.Value(entry.Value)} is neither a network such as 169.254.10.0/24, nor an address, nor a host name");
    }

    private string? FaultOf(IPAddress ip)
    {
        foreach (var (network, what) in Refused)
            if (network.Contains(ip))
                return _networks.Exists(allowed => allowed.Contains(ip)) ? null : what;
        return null;
    }

    private string? FaultOf(string host) =>
        RefusedNames.Contains(host, StringComparer.OrdinalIgnoreCase) && !_names.Contains(host) ? "a cloud metadata service" : null;

    /// <summary>An IPv4 address in IPv6 clothes is the IPv4 address; a scope only says which link.</summary>
    private static IPAddress Unmapped(IPAddress ip) => ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4() : new IPAddress(ip.GetAddressBytes());
}
