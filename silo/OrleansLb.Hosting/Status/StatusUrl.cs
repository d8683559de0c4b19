using System.Net;
using Microsoft.AspNetCore.Http;

namespace OrleansLb.Hosting.Status;

/// <summary>An address that the status server listens on.</summary>
/// <param name="Host">The host, <c>*</c> or <c>+</c> for all of the machine's.</param>
/// <param name="IsHttps">Whether it is spoken to over TLS.</param>
internal sealed record StatusUrl(string Host, bool IsHttps)
{
    /// <summary>Whether only this machine can reach it.</summary>
    public bool IsLoopback => Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(Host, out var address) && IPAddress.IsLoopback(address));

    /// <summary>The name by which requests may address it, if it is one.</summary>
    public string? Name => Host is "*" or "+" || IPAddress.TryParse(Host, out _) ? null : Host;

    /// <summary>Reads one; <see langword="null"/> for what is none.</summary>
    public static StatusUrl? Parse(string url) =>
        ParseBinding(url) is { Scheme: "http" or "https", PathBase.Length: 0 } address && !HasUnreadPort(address.Host) ? new StatusUrl(address.Host, address.Scheme == "https") : null;

    private static BindingAddress? ParseBinding(string url)
    {
        try
        {
            return BindingAddress.Parse(url);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>The parser takes what follows the colon for part of the name when it is not a number.</summary>
    private static bool HasUnreadPort(string host) => host.Contains(':', StringComparison.Ordinal) && !host.StartsWith('[');
}
