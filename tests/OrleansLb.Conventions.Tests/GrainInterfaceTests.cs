using System.Text.RegularExpressions;

namespace OrleansLb.Conventions.Tests;

/// <summary>
/// What a grain interface is called on the wire is said where it is declared. Without that it is the name of the type, and moving the
/// type to another namespace would make silos and front-ends of two versions strangers to each other.
/// </summary>
public sealed partial class GrainInterfaceTests
{
    private static readonly (SourceFile File, string Name, string Identity)[] Interfaces = [.. SourceTree.CSharp
        .Where(static file => !file.Path.StartsWith("tests/", StringComparison.Ordinal))
        .SelectMany(static file => Declaration().Matches(file.Text)
            .Select(match => (file, match.Groups["name"].Value, Identity().Match(match.Groups["attributes"].Value).Groups["identity"].Value)))];

    [Fact]
    public void EveryGrainInterfaceSaysItsIdentityOnTheWire()
    {
        Assert.NotEmpty(Interfaces);
        Assert.All(Interfaces, static each => Assert.True(each.Identity.Length > 0, $"{each.Name} in {each.File} has no [GrainInterfaceType(\"...\")]."));
    }

    [Fact]
    public void NoIdentityIsUsedTwice() =>
        Assert.Empty(Interfaces.GroupBy(static each => each.Identity).Where(static group => group.Count() > 1).Select(static group => group.Key));

    [Fact]
    public void EveryGrainInterfaceOfTheManifestIsFound()
    {
        var listed = Listed().Matches(SourceTree.Read("grains/OrleansLb.Contracts/OrleansContracts.txt")).Select(static match => match.Groups["identity"].Value);
        Assert.Equal(listed.Order(StringComparer.Ordinal), Interfaces.Select(static each => each.Identity).Order(StringComparer.Ordinal));
    }

    /// <summary>Where nobody says so, silos refuse it to front-ends. That must be what somebody decided, and not what he forgot.</summary>
    [Fact]
    public void EveryMethodOfAGrainSaysWhoCallsIt()
    {
        var methods = Interfaces.Where(static each => !Observer().IsMatch(each.File.Text))
            .SelectMany(static each => Method().Matches(each.File.Text).Select(match => (each.Name, Method: match.Groups["method"].Value, Attributes: match.Groups["attributes"].Value)))
            .ToList();
        Assert.NotEmpty(methods);
        Assert.All(methods, static each => Assert.True(each.Attributes.Contains("CalledBy(Caller.", StringComparison.Ordinal), $"{each.Name}.{each.Method} has no [CalledBy(...)]."));
    }

    [GeneratedRegex(@"^(?:public|internal) interface \w+\s*:[^{]*\bIGrainObserver\b", RegexOptions.Multiline)]
    private static partial Regex Observer();

    [GeneratedRegex(@"(?<attributes>(?:^    \[[^\n]*\]\s*\n)*)^    (?:Value)?Task(?:<[^\n]+>)? (?<method>\w+)\(", RegexOptions.Multiline)]
    private static partial Regex Method();

    [GeneratedRegex(@"(?<attributes>(?:^\[[^\n]*\]\s*\n)*)^(?:public|internal)\s+(?:partial\s+)?interface\s+(?<name>I\w+)\s*:[^{]*?\bIGrain(?:With\w+Key|Observer|Service|)\b", RegexOptions.Multiline)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"\bGrainInterfaceType\(""(?<identity>[^""]+)""\)")]
    private static partial Regex Identity();

    [GeneratedRegex(@"^interface \[GrainInterfaceType\(""(?<identity>[^""]+)""\)\]", RegexOptions.Multiline)]
    private static partial Regex Listed();
}
