using System.Globalization;

namespace OrleansLb.Configuration;

/// <summary>
/// One of the pools among which the requests of a route are divided. A divided route is compiled into one for each, all matching alike; which of them a request takes is decided when it
/// has been matched. Written into one entry of each one's metadata.
/// </summary>
/// <param name="Group">The route as configured.</param>
/// <param name="Name">The pool, which is what clients know the variant by.</param>
/// <param name="Weight">Its part of the requests that have no variant yet; 0 for none.</param>
/// <param name="IsFailover">Whether it has requests only while the variant that they would have cannot serve them.</param>
/// <param name="Cookie">Name of the cookie that keeps a client with its variant; empty for none.</param>
/// <param name="CookieMaxAge">How long a client stays; zero for as long as its session.</param>
/// <param name="Header">Name of the header that asks for a variant; empty for none.</param>
public sealed record RouteVariant(string Group, string Name, int Weight, bool IsFailover, string Cookie, TimeSpan CookieMaxAge, string Header)
{
    private const char Separator = '\n';

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <param name="text">The entry.</param>
    public static RouteVariant Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Split(Separator);
        return new RouteVariant(
            parts[0],
            parts[1],
            int.Parse(parts[2], CultureInfo.InvariantCulture),
            bool.Parse(parts[3]),
            parts[4],
            TimeSpan.ParseExact(parts[5], "c", CultureInfo.InvariantCulture),
            parts[6]);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Group}{Separator}{Name}{Separator}{Weight}{Separator}{IsFailover}{Separator}{Cookie}{Separator}{CookieMaxAge:c}{Separator}{Header}");
}
