using OrleansLb.Configuration.Answers;
using OrleansLb.Core.Redirects;

namespace OrleansLb.Configuration.Shapes;

/// <summary>The keys of answers that front-ends make by themselves.</summary>
internal static class AnswerShapes
{
    private const int LongestBody = 65_536;
    private const int LongestFile = 200;
    private static readonly TimeSpan LongestAdvice = TimeSpan.FromDays(1);

    public static ObjectShape Redirect => new(
        strict: true,
        (AnswerReader.Location, Location),
        (AnswerReader.Scheme, Values.OneOf("scheme", ["http", "https"])),
        (AnswerReader.Port, HealthCheckShapes.Port),
        (PageReader.Status, Values.OneOf("status of a redirect", ["301", "302", "303", "307", "308"])));

    public static ObjectShape Response => new(strict: true, [.. Page(200), (PageReader.Headers, new MapShape(FieldValue))]);

    public static ObjectShape Maintenance => new(
        strict: true,
        [
            (ClosureReader.Enabled, Values.Boolean),
            (ClosureReader.AllowFrom, new ListShape(Values.Network)),
            .. Page(200),
            (PageReader.RetryAfter, Values.DurationWithinOrZero(TimeSpan.FromSeconds(1), LongestAdvice)),
        ]);

    public static ObjectShape Unavailable => new(
        strict: true,
        [.. Page(400), (PageReader.RetryAfter, Values.DurationWithinOrZero(TimeSpan.FromSeconds(1), LongestAdvice))]);

    private static ValueShape Location { get; } = new(
        static value => RedirectTemplate.TryParse(value, out _, out var fault) ? null : $"{Quote.Value(value)} {fault}",
        required: true);

    private static ValueShape Body { get; } = new(
        static value => value.Length <= LongestBody ? null : $"is longer than {LongestBody} characters; put it into a file",
        required: true);

    // Files are those of one folder that the front-end's operator chose: whoever may change the configuration reads no other.
    private static ValueShape File { get; } = new(
        static value => value.Length is > 0 and <= LongestFile && value.Split('/').All(IsName)
            ? null
            : $"{Quote.Value(value)} is not the name of a file below the front-ends' folder of pages: letters, digits, dashes, underscores and dots that are not first, and slashes between",
        required: true);

    private static ValueShape FieldValue { get; } = new(static value => IsPrintable(value) ? null : $"{Quote.Value(value)} is not one line of printable ASCII characters", required: true);

    private static ValueShape ContentType { get; } = new(
        static value => IsPrintable(value) && value.IndexOf('/', StringComparison.Ordinal) > 0 ? null : $"{Quote.Value(value)} is not a media type such as text/html; charset=utf-8",
        required: true);

    private static (string Key, Shape Shape)[] Page(int least) =>
    [
        (PageReader.Status, Values.Status(least)),
        (PageReader.Body, Body),
        (PageReader.File, File),
        (PageReader.ContentType, ContentType),
    ];

    private static bool IsName(string part) => part.Length > 0 && part[0] != '.' && part.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    private static bool IsPrintable(string value) => value.All(static c => c is >= ' ' and <= '~');
}
