using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace OrleansLb.Hosting.Status;

/// <summary>The address must be one, and on this machine unless it was allowed to be reachable.</summary>
internal sealed class StatusOptionsValidator : IValidateOptions<StatusOptions>
{
    private const string UrlKey = $"{StatusOptions.SectionName}:{nameof(StatusOptions.Url)}";

    public ValidateOptionsResult Validate(string? name, StatusOptions options) =>
        Error(options) is { } error ? ValidateOptionsResult.Fail(error) : ValidateOptionsResult.Success;

    private static string? Error(StatusOptions options)
    {
        if (Parse(options.Url) is not { } address || address.Scheme != "http" || address.PathBase.Length > 0 || HasUnreadPort(address.Host))
            return $"{UrlKey} '{options.Url}' is not an address to listen on; give it as http://localhost:8090";

        if (!options.AllowRemote && !IsLoopback(address.Host))
            return $"{UrlKey} {options.Url} can be reached from other machines and asks nobody who they are; listen on localhost or set {StatusOptions.SectionName}:{nameof(StatusOptions.AllowRemote)}=true";

        return null;
    }

    private static BindingAddress? Parse(string url)
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

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
