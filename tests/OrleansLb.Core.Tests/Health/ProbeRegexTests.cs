using OrleansLb.Core.Health;

namespace OrleansLb.Core.Tests.Health;

public sealed class ProbeRegexTests
{
    [Fact]
    public void Create_Pattern_Matches() => Assert.Matches(ProbeRegex.Create("^220[ -].*\r\n"), "220 mail ready\r\n");

    [Theory]
    [InlineData("(")]
    [InlineData("a(?=b)")]
    [InlineData("(a)\\1")]
    [InlineData("(?>a+)")]
    [InlineData("(a{1000}){1000}")]
    public void Create_BrokenOrBacktrackingPattern_IsRefused(string pattern) =>
        Assert.NotEmpty(Assert.Throws<FormatException>(() => ProbeRegex.Create(pattern)).Message);
}
