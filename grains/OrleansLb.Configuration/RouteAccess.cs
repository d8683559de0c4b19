using System.Collections.Frozen;
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
    private readonly FrozenSet<CountryCode> _allowedCountries;
    private readonly FrozenSet<CountryCode> _deniedCountries;

    private RouteAccess(string[] lines)
    {
        _allowed = Networks(lines, AllowSign);
        _denied = Networks(lines, DenySign);
        _allowedCountries = Countries(lines, AllowSign);
        _deniedCountries = Countries(lines, DenySign);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <param name="text">The entry.</param>
    public static RouteAccess Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new RouteAccess(text.Split(Separator, StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>Writes the entry. What is denied is so even if it is also allowed; once something is allowed, all else is not.</summary>
    /// <param name="allowed">Networks whose clients may.</param>
    /// <param name="denied">Networks whose clients may not.</param>
    /// <param name="allowedCountries">Countries whose clients may.</param>
    /// <param name="deniedCountries">Countries whose clients may not.</param>
    public static string Write(
        IEnumerable<IPNetwork> allowed,
        IEnumerable<IPNetwork> denied,
        IEnumerable<CountryCode> allowedCountries,
        IEnumerable<CountryCode> deniedCountries) => string.Join(
            Separator,
            Signed(AllowSign, allowed).Concat(Signed(DenySign, denied)).Concat(Signed(AllowSign, allowedCountries)).Concat(Signed(DenySign, deniedCountries)));

    /// <summary>Decides by the client's address alone.</summary>
    /// <param name="client">The address; a connection without one is in no network.</param>
    /// <returns>Whether it may use the route; <see langword="null"/> when that depends on its country.</returns>
    public bool? Admits(IPAddress? client)
    {
        var isAllowed = _allowed.Contains(client);
        if (_denied.Contains(client) || (!isAllowed && !_allowed.IsEmpty && _allowedCountries.Count == 0))
            return false;
        if (_deniedCountries.Count > 0 || (!isAllowed && _allowedCountries.Count > 0))
            return null;
        return true;
    }

    /// <summary>Decides by the client's address and country.</summary>
    /// <param name="client">The address; a connection without one is in no network.</param>
    /// <param name="country">Its country; the default for an address of none, which is in no list.</param>
    public bool Admits(IPAddress? client, CountryCode country)
    {
        if (_denied.Contains(client) || _deniedCountries.Contains(country))
            return false;
        return _allowed.Contains(client) || _allowedCountries.Contains(country) || (_allowed.IsEmpty && _allowedCountries.Count == 0);
    }

    private static IEnumerable<string> Signed<T>(char sign, IEnumerable<T> items) => items.Select(item => $"{sign}{item}");

    private static NetworkSet Networks(string[] lines, char sign) =>
        NetworkSet.Of(lines.Where(line => line[0] == sign && !IsCountry(line)).Select(static line => IPNetwork.Parse(line.AsSpan(1))));

    private static FrozenSet<CountryCode> Countries(string[] lines, char sign)
    {
        var codes = new List<CountryCode>();
        foreach (var line in lines)
        {
            if (line[0] == sign && CountryCode.TryParse(line.AsSpan(1), out var code))
                codes.Add(code);
        }

        return codes.ToFrozenSet();
    }

    private static bool IsCountry(string line) => CountryCode.TryParse(line.AsSpan(1), out _);
}
