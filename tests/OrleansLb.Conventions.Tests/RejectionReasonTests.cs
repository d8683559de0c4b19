using System.Text.RegularExpressions;

namespace OrleansLb.Conventions.Tests;

/// <summary>Operators alert on reasons by their names.</summary>
public sealed partial class RejectionReasonTests
{
    private const string Page = "docs/reference/metrics.md";

    [Fact]
    public void EveryReasonOfFrontendsIsInTheTableAndTheTableHasNoOther()
    {
        var used = SourceTree.CSharp.Where(static file => file.Path.StartsWith("frontends/OrleansLb.Frontend.Http/", StringComparison.Ordinal))
            .SelectMany(static file => Reason().Matches(file.Text)).Select(static match => match.Groups["reason"].Value).Distinct().Order(StringComparer.Ordinal);
        Assert.Equal(used, Documented().Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Documented()
    {
        var page = SourceTree.Read(Page);
        var start = page.IndexOf("### Reasons of refusals", StringComparison.Ordinal);
        return Row().Matches(page[start..page.IndexOf("\n## ", start, StringComparison.Ordinal)]).SelectMany(static row => Quoted().Matches(row.Groups["cell"].Value)).Select(static match => match.Groups["text"].Value);
    }

    [GeneratedRegex(@"""(?<reason>(?:framing|field|host|limit|timeout|h2|proxy|access|tls|overload)\.[a-z0-9_]+)""|new\(""(?<reason>[a-z]+)"", StatusCodes")]
    private static partial Regex Reason();

    [GeneratedRegex("^\\| (?<cell>`[^|]+`) \\|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("`(?<text>[^`]+)`")]
    private static partial Regex Quoted();
}
