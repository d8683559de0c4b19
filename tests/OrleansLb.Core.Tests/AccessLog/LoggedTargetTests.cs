using CsCheck;
using OrleansLb.Core.AccessLog;

namespace OrleansLb.Core.Tests.AccessLog;

public sealed class LoggedTargetTests
{
    private const string Secret = "s3cret";

    [Theory]
    [InlineData("/a/b", "/a/b")]
    [InlineData("/a?key=s3cret", "/a")]
    [InlineData("/a#s3cret", "/a")]
    [InlineData("/@user/x", "/@user/x")]
    [InlineData("*", "*")]
    [InlineData("http://example.com/a?key=s3cret", "/a")]
    [InlineData("http://user:s3cret@example.com/a", "/a")]
    [InlineData("http://user:s3cret@example.com", "/")]
    [InlineData("http://user:s3cret@example.com?key=s3cret", "")]
    [InlineData("user:s3cret@example.com:443", "example.com:443")]
    [InlineData("example.com:443", "example.com:443")]
    public void Path_OfATarget_HasNoQueryAndNoUser(string target, string expected) => Assert.Equal(expected, LoggedTarget.PathOf(target, withQuery: false).ToString());

    [Theory]
    [InlineData("/a?b=c", "/a?b=c")]
    [InlineData("http://user:s3cret@example.com/a?b=c", "/a?b=c")]
    [InlineData("http://example.com?b=c", "?b=c")]
    public void Path_WithItsQuery_StillHasNoUser(string target, string expected) => Assert.Equal(expected, LoggedTarget.PathOf(target, withQuery: true).ToString());

    [Theory]
    [InlineData("https://example.com/a?key=s3cret", "https://example.com/a")]
    [InlineData("https://example.com/@user/x#s3cret", "https://example.com/@user/x")]
    [InlineData("https://user:s3cret@example.com/", "")]
    [InlineData("//user:s3cret@example.com/", "")]
    [InlineData("user:s3cret@example.com", "")]
    [InlineData("about:blank", "about:blank")]
    [InlineData("", "")]
    public void Referer_HasNoQueryAndNoneThatNamesAUserIsShown(string referer, string expected) => Assert.Equal(expected, LoggedTarget.RefererOf(referer, withQuery: false).ToString());

    [Fact]
    public void NoQueryAndNoUserIsEverShown() => Gen.Select(
            OneOf("", "http://", "https://", "http:///", "x:", "//", "/"),
            OneOf($"user:{Secret}@", $"{Secret}@", ""),
            OneOf("host", "host:80", "[::1]:80", ""),
            OneOf("", "/", "/a", "/a//b"),
            OneOf($"?key={Secret}", $"#{Secret}", $"?a#{Secret}", $"?@/{Secret}"))
        // After a slash it is part of a path, as to whoever else reads it.
        .Where(static parts => parts.Item1 is not ("/" or "//" or "http:///") || parts.Item2.Length == 0)
        .Sample(static (scheme, user, host, path, rest) =>
        {
            var target = $"{scheme}{user}{host}{path}{rest}";
            Assert.DoesNotContain(Secret, LoggedTarget.PathOf(target, withQuery: false).ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain(Secret, LoggedTarget.RefererOf(target, withQuery: false).ToString(), StringComparison.Ordinal);
        });

    [Theory]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "4bf92f3577b34da6a3ce929d0e0e4736")]
    [InlineData("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-later", "4bf92f3577b34da6a3ce929d0e0e4736")]
    [InlineData("00-00000000000000000000000000000000-00f067aa0ba902b7-01", "")]
    [InlineData("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01", "")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736", "")]
    [InlineData("a secret that somebody put there, of the very same length", "")]
    [InlineData("", "")]
    public void Trace_OfAField_IsItsIdOrNothing(string field, string expected) => Assert.Equal(expected, TraceParent.TraceIdOf(field).ToString());

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(index => texts[index]);
}
