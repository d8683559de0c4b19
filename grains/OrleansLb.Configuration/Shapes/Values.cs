using System.Collections.Immutable;
using System.Globalization;
using OrleansLb.Core.Networks;

namespace OrleansLb.Configuration.Shapes;

/// <summary>The kinds of values, each told apart as it will be parsed: by us, or (YARP's keys) by YARP's own parser.</summary>
internal static class Values
{
    private const int LongestLabel = 256;
    private const int LongestZone = 64;
    private const int MostStatus = 599;

    public static ValueShape Text { get; } = new(static _ => null);

    /// <summary>A name or value that ends up in one line with others.</summary>
    public static ValueShape Label { get; } = new(static value =>
        value.Length is > 0 and <= LongestLabel && !value.Any(char.IsControl) ? null : $"{Quote.Value(value)} is not a text of 1 to {LongestLabel} characters without control characters");

    /// <summary>What a front-end can be told of its own zone too.</summary>
    public static ValueShape Zone { get; } = new(static value =>
        value.Length <= LongestZone && value.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '/' or '-')
            ? null : $"{Quote.Value(value)} is not at most {LongestZone} letters, digits, dots, dashes, slashes or underscores");

    /// <summary>The name of a header or a cookie.</summary>
    public static ValueShape Token { get; } = new(
        static value => HeaderName.IsValid(value) ? null : $"{Quote.Value(value)} is not the name of a header or a cookie: letters, digits and !#$%&'*+-.^_`|~",
        required: true);

    /// <summary>Any text, but a text.</summary>
    public static ValueShape Something { get; } = new(static _ => null, required: true);

    public static ValueShape Host { get; } = new(
        static value => Uri.CheckHostName(value) == UriHostNameType.Unknown ? $"{Quote.Value(value)} is neither a host name nor an address" : null,
        required: true);

    public static ValueShape Network { get; } = new(
        static value => NetworkText.TryParse(value, out _) ? null : $"{Quote.Value(value)} is neither a network such as 10.0.0.0/8 nor an address",
        required: true);

    public static ValueShape Country { get; } = new(
        static value => CountryCode.TryParse(value, out var country) && country.IsAssigned ? null : $"{Quote.Value(value)} is not the two letters of a country, such as DE (ISO 3166-1)",
        required: true);

    public static ValueShape Boolean { get; } = new(static value =>
        bool.TryParse(value, out _) ? null : $"{Quote.Value(value)} is not true or false");

    public static ValueShape Int32 { get; } = new(static value =>
        int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)
            ? null : $"{Quote.Value(value)} is not a whole number between {int.MinValue} and {int.MaxValue}");

    public static ValueShape Int64 { get; } = new(static value =>
        long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)
            ? null : $"{Quote.Value(value)} is not a whole number");

    public static ValueShape Duration { get; } = new(static value =>
        TimeSpan.TryParseExact(value, "c", CultureInfo.InvariantCulture, out _) ? null : NotADuration(value));

    public static ValueShape AbsoluteUri { get; } = new(static value =>
        Uri.TryCreate(value, UriKind.Absolute, out _) ? null : $"{Quote.Value(value)} is not an absolute URI");

    public static ValueShape HttpVersion { get; } = new(static value =>
        value.Length == 0 || Version.TryParse(value.Contains('.') ? value : value + ".0", out _)
            ? null : $"{Quote.Value(value)} is not an HTTP version such as 1.1 or 2");

    /// <summary>An enumeration as YARP reads it: names in any case, numbers too.</summary>
    public static ValueShape YarpEnum<TEnum>() where TEnum : struct, Enum => new(
        static value => Enum.TryParse<TEnum>(value, ignoreCase: true, out _) ? null : $"{Quote.Value(value)} is none of: {Quote.Names(Enum.GetNames<TEnum>())}",
        required: true);

    /// <summary>One of a set of names in any case.</summary>
    /// <param name="what">What the names are of, for the message.</param>
    /// <param name="known">The names.</param>
    public static ValueShape OneOf(string what, ImmutableArray<string> known) => new(value =>
        known.Contains(value, StringComparer.OrdinalIgnoreCase) ? null : $"unknown {what} {Quote.Value(value)}; known: {Quote.Names(known)}");

    /// <summary>One or several of a set of names in any case, separated by commas.</summary>
    /// <param name="what">What the names are of, for the message.</param>
    /// <param name="known">The names.</param>
    public static ValueShape SomeOf(string what, ImmutableArray<string> known) => new(value =>
        value.Split(',', StringSplitOptions.TrimEntries).FirstOrDefault(name => !known.Contains(name, StringComparer.OrdinalIgnoreCase)) is { } unknown
            ? $"unknown {what} {Quote.Value(unknown)}; known: {Quote.Names(known)}" : null);

    /// <summary>One of a set of names in any case, or empty for the default.</summary>
    /// <param name="what">What the names are of, for the message.</param>
    /// <param name="known">The names.</param>
    public static ValueShape OptionalOneOf(string what, ImmutableArray<string> known) => new(value =>
        value.Length == 0 || known.Contains(value, StringComparer.OrdinalIgnoreCase)
            ? null : $"unknown {what} {Quote.Value(value)}; known: {Quote.Names(known)}");

    public static ValueShape Int32Within(int least, int most, string unit) => new(value =>
        int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? null : $"{Quote.Value(value)} is not a whole number of {unit} from {least} to {most}");

    /// <summary>The status of an answer.</summary>
    /// <param name="least">The lowest that is allowed.</param>
    public static ValueShape Status(int least) => new(
        value => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var status) && status >= least && status <= MostStatus
            ? null : $"{Quote.Value(value)} is not a status from {least} to {MostStatus}",
        required: true);

    /// <summary>A number with or without decimals, as JSON writes it.</summary>
    /// <param name="least">The smallest that is allowed.</param>
    /// <param name="most">The largest that is allowed.</param>
    public static ValueShape NumberWithin(double least, double most) => new(value =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? null : string.Create(CultureInfo.InvariantCulture, $"{Quote.Value(value)} is not a number from {least} to {most}"));

    /// <summary>A time in one of our own keys. It must have a colon: "30" would be 30 days to the parser and is never meant so.</summary>
    /// <param name="least">The shortest that is allowed.</param>
    /// <param name="most">The longest that is allowed.</param>
    public static ValueShape DurationWithin(TimeSpan least, TimeSpan most) => new(value =>
        !value.Contains(':') || !TimeSpan.TryParseExact(value, "c", CultureInfo.InvariantCulture, out var duration) ? NotADuration(value)
        : duration < least || duration > most ? $"{Quote.Value(value)} is not from {least:c} to {most:c} (hh:mm:ss)"
        : null);

    /// <summary>The same, or zero.</summary>
    /// <param name="least">The shortest that is allowed besides.</param>
    /// <param name="most">The longest that is allowed.</param>
    public static ValueShape DurationWithinOrZero(TimeSpan least, TimeSpan most) => new(value =>
        !value.Contains(':') || !TimeSpan.TryParseExact(value, "c", CultureInfo.InvariantCulture, out var duration) ? NotADuration(value)
        : duration != TimeSpan.Zero && (duration < least || duration > most) ? $"{Quote.Value(value)} is neither 00:00:00 nor from {least:c} to {most:c} (hh:mm:ss)"
        : null);

    private static string NotADuration(string value) => $"{Quote.Value(value)} is not a time of the form hh:mm:ss";
}
