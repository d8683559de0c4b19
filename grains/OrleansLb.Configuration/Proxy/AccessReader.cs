using System.Net;
using OrleansLb.Configuration.Settings;
using OrleansLb.Core.Networks;

namespace OrleansLb.Configuration.Proxy;

/// <summary>Reads who may use a route.</summary>
internal static class AccessReader
{
    internal const string Allow = nameof(Allow);
    internal const string Deny = nameof(Deny);
    internal const string AllowCountries = nameof(AllowCountries);
    internal const string DenyCountries = nameof(DenyCountries);

    /// <summary>The entry for the route's metadata; <see langword="null"/> when everybody may.</summary>
    public static string? Read(SettingsNode root, string routeId)
    {
        if (root.Find($"ReverseProxy:Routes:{routeId}:OrleansLb")?.Child("Access") is not { HasChildren: true } access)
            return null;
        var text = RouteAccess.Write(
            Networks(access.Child(Allow)), Networks(access.Child(Deny)), Countries(access.Child(AllowCountries)), Countries(access.Child(DenyCountries)));
        return text.Length > 0 ? text : null;
    }

    private static IEnumerable<IPNetwork> Networks(SettingsNode? list)
    {
        foreach (var entry in list?.Children ?? [])
        {
            if (NetworkText.TryParse(entry.Value ?? "", out var network))
                yield return network;
        }
    }

    private static IEnumerable<CountryCode> Countries(SettingsNode? list)
    {
        foreach (var entry in list?.Children ?? [])
        {
            if (CountryCode.TryParse(entry.Value, out var country))
                yield return country;
        }
    }
}
