using CsCheck;
using OrleansLb.Core.Redirects;

namespace OrleansLb.Core.Tests.Redirects;

public sealed class RedirectTemplateTests
{
    [Theory]
    [InlineData("https://{host}{path}{query}", "https://a.example/b%20c?d=e")]
    [InlineData("https://{host}:8443{path}{query}", "https://a.example:8443/b%20c?d=e")]
    [InlineData("https://www.{host}/", "https://www.a.example/")]
    [InlineData("{scheme}://new.example{path}", "http://new.example/b%20c")]
    [InlineData("https://new.example{query}", "https://new.example?d=e")]
    [InlineData("https://new.example/?from={host}{path}", "https://new.example/?from=a.example/b%20c")]
    [InlineData("/moved{path}{query}#top", "/moved/b%20c?d=e#top")]
    [InlineData("{path}", "/b%20c")]
    public void Expand_Template_HasWhatTheRequestHas(string template, string location) =>
        Assert.Equal(location, Parse(template).Expand("http", "a.example", "/b%20c", "?d=e"));

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("new.example/", "must begin with http://, https://, {scheme}://, / or {path}")]
    [InlineData("javascript:alert(1)", "must begin with ")]
    [InlineData("ftp://new.example/", "must begin with ")]
    [InlineData("{host}/", "must begin with ")]
    [InlineData("//new.example/", "begins with two slashes")]
    [InlineData("https://{path}", "names no host; {path} and {query} come behind it")]
    [InlineData("https://new.example{path}.other.example/", "names no host")]
    [InlineData("https://", "names no host")]
    [InlineData("https:///a", "names no host")]
    [InlineData("https://user@new.example/", "names no host")]
    [InlineData("https://new.example{host}/", "may have nothing before {host} but names that end with a dot")]
    [InlineData("https://{host}.new.example/", "may have nothing behind {host} but a port, a path or a query")]
    [InlineData("https://{host}{host}/", "may have nothing behind {host} but a port, a path or a query")]
    [InlineData("https://new.example/{user}", "may have {scheme}, {host}, {path}, {query} in braces, and nothing else")]
    [InlineData("https://new.example/}", "may have {scheme}, {host}, {path}, {query} in braces, and nothing else")]
    [InlineData("https://new.example/a b", "has a character that a URL must have escaped")]
    [InlineData("https://new.example/\r\nSet-Cookie:a", "has a character that a URL must have escaped")]
    [InlineData("https://new.example/é", "has a character that a URL must have escaped")]
    [InlineData("/\\new.example/", "has a character that a URL must have escaped")]
    public void TryParse_Mistake_IsSaid(string template, string fault)
    {
        Assert.False(RedirectTemplate.TryParse(template, out _, out var said));
        Assert.StartsWith(fault, said, StringComparison.Ordinal);
    }

    [Fact]
    public void TryParse_TooLong_IsSaid() => Assert.False(RedirectTemplate.TryParse($"/{new string('a', 2_048)}", out _, out _));

    [Theory]
    [InlineData("{path}", "//evil.example/", "/evil.example/")]
    [InlineData("/{path}", "/evil.example/", "/evil.example/")]
    [InlineData("/{path}", "///evil.example/", "/evil.example/")]
    [InlineData("{path}", "/\\evil.example/", "/%5Cevil.example/")]
    [InlineData("https://new.example{path}", "@evil.example", "https://new.example/")]
    [InlineData("https://new.example{path}", "", "https://new.example/")]
    [InlineData("https://new.example{path}", ".evil.example", "https://new.example/")]
    public void Expand_PathThatLooksLikeAHost_LeadsToNoOther(string template, string path, string location) =>
        Assert.Equal(location, Parse(template).Expand("http", "a.example", path, ""));

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("a@b")]
    [InlineData("a b")]
    [InlineData("a\r\nb")]
    [InlineData("a?b")]
    [InlineData("a#b")]
    [InlineData("a\\b")]
    public void Expand_HostThatIsNone_IsNotTaken(string host) => Assert.Null(Parse("https://{host}/").Expand("http", host, "/", ""));

    [Fact]
    public void Expand_HostThatIsNoneAndIsNotWanted_DoesNotMatter() => Assert.Equal("/b", Parse("/b").Expand("http", "", "/", ""));

    [Fact]
    public void Expand_Anything_IsOneLineOfUriCharacters() =>
        Gen.Select(Gen.String, Gen.String).Sample(static (path, query) =>
        {
            var location = Parse("https://new.example{path}{query}").Expand("http", "a", $"/{path}", $"?{query}")!;
            Assert.StartsWith("https://new.example/", location, StringComparison.Ordinal);
            Assert.DoesNotContain(location, static c => c is <= ' ' or >= '\u007F' or '\\' or '"' or '<' or '>');
        });

    private static RedirectTemplate Parse(string text)
    {
        Assert.True(RedirectTemplate.TryParse(text, out var template, out var fault), fault);
        return template;
    }
}
