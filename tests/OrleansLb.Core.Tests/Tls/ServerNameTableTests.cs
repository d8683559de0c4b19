using CsCheck;
using OrleansLb.Core.Tls;

namespace OrleansLb.Core.Tests.Tls;

public sealed class ServerNameTableTests
{
    private static readonly Gen<string> Label = Gen.OneOf(Gen.Const("a"), Gen.Const("b"), Gen.Const("www"), Gen.Const("api"));
    private static readonly Gen<string> Host = Label.List[1, 4].Select(static labels => string.Join('.', labels));
    private static readonly Gen<string> Pattern = Gen.Select(Host, Gen.Bool).Select(static (host, isWildcard) => isWildcard ? "*." + host : host);

    [Theory]
    [InlineData("example.com", "exact")]
    [InlineData("EXAMPLE.com", "exact")]
    [InlineData("example.com.", "exact")]
    [InlineData("www.example.com", "wildcard")]
    [InlineData("a.www.example.com", "default")]
    [InlineData(".example.com", "default")]
    [InlineData("*.example.com", "wildcard")]
    [InlineData("com", "default")]
    [InlineData(".", "default")]
    [InlineData("", "default")]
    [InlineData(null, "default")]
    [InlineData("api.example.com", "exact api")]
    public void Find_Name_IsTheExactOneThenTheWildcardThenTheDefault(string? name, string expected)
    {
        var table = new ServerNameTable<string>([("example.com", "exact"), ("*.Example.com", "wildcard"), ("api.example.com", "exact api"), ("example.com", "a later one")], "default");
        Assert.Equal(expected, table.Find(name));
    }

    [Fact]
    public void Find_NoDefault_IsNothing() => Assert.Null(new ServerNameTable<string>([("example.com", "exact")], null).Find("example.org"));

    [Fact]
    public void FindIsWhatReadingThePatternsOneByOneFinds() =>
        Gen.Select(Pattern.List[0, 6], Host).Sample(static (patterns, host) =>
        {
            var table = new ServerNameTable<string>(patterns.Select(static pattern => (pattern, pattern)), "default");
            var expected = patterns.Find(pattern => pattern == host) ?? patterns.Find(pattern => Covers(pattern, host)) ?? "default";
            return table.Find(host) == expected;
        });

    private static bool Covers(string pattern, string host) => pattern[0] == '*' && host.Split('.', 2) is [_, var parent] && pattern[2..] == parent;
}
