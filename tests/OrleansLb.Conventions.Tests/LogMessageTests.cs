using System.Globalization;
using System.Text.RegularExpressions;

namespace OrleansLb.Conventions.Tests;

public sealed partial class LogMessageTests
{
    private static readonly (SourceFile File, int Id, string EventName)[] Messages = [.. SourceTree.CSharp
        .SelectMany(static file => Message().Matches(file.Text)
            .Select(match => (file, int.Parse(match.Groups["id"].Value, CultureInfo.InvariantCulture), match.Groups["event"].Value)))];

    [Fact]
    public void EveryLogMessageHasAnIdAndAnEventName()
    {
        var attributes = SourceTree.CSharp.Where(static file => !file.Path.StartsWith("tests/", StringComparison.Ordinal))
            .Sum(static file => Attribute().Count(SourceTree.CodeOf(file)));
        Assert.Equal(attributes, Messages.Length);
        Assert.All(Messages, static message => Assert.NotEqual("", message.EventName));
    }

    [Fact]
    public void NoIdAndNoEventNameIsUsedTwice()
    {
        Assert.Empty(Messages.GroupBy(static message => message.Id).Where(static group => group.Count() > 1).Select(Describe));
        Assert.Empty(Messages.GroupBy(static message => message.EventName).Where(static group => group.Count() > 1).Select(Describe));
    }

    [Fact]
    public void MessagesLiveInLogFilesThatEndWithTheirHighestId()
    {
        foreach (var group in Messages.GroupBy(static message => message.File))
        {
            Assert.EndsWith(".Log.cs", group.Key.Path, StringComparison.Ordinal);
            var highest = group.Max(static message => message.Id);
            Assert.True(group.Key.Text.Contains($"// Highest id used: {highest}\n", StringComparison.Ordinal), $"{group.Key} should end with: // Highest id used: {highest}");
        }
    }

    private static string Describe<T>(IGrouping<T, (SourceFile File, int Id, string EventName)> group) =>
        $"{group.Key}: {string.Join(", ", group.Select(static message => message.File.Path))}";

    [GeneratedRegex(@"\[LoggerMessage\(\s*(?:EventId\s*=\s*)?(?<id>\d+),(?:[^""\]]|""(?:\\.|[^""\\])*"")*?EventName\s*=\s*""(?<event>\w*)""")]
    private static partial Regex Message();

    [GeneratedRegex(@"\[LoggerMessage\b")]
    private static partial Regex Attribute();
}
