using Microsoft.Extensions.Primitives;
using OrleansLb.Frontend.Http.Affinity;

namespace OrleansLb.Frontend.Tests.Affinity;

public sealed class ResponseCookieReaderTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("sid=abc", "abc")]
    [InlineData(" sid=abc ; Path=/; HttpOnly", "abc")]
    [InlineData("sid=\"a=b\"; Max-Age=10; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "\"a=b\"")]
    [InlineData("sid=abc; Expires=Fri, 01 Jan 2027 00:00:00 GMT", "abc")]
    [InlineData("sid=abc; Expires=some day", "abc")]
    [InlineData("sid=abc; Max-Age=0", null)]
    [InlineData("sid=abc; max-age=-1", null)]
    [InlineData("sid=abc; Max-Age=", null)]
    [InlineData("sid=abc; Expires=Thu, 01 Jan 1970 00:00:00 GMT", null)]
    [InlineData("sid=; Path=/", null)]
    [InlineData("sid", null)]
    [InlineData("SID=abc", null)]
    [InlineData("sidx=abc", null)]
    [InlineData("", null)]
    public void TryRead_OneHeader(string header, string? value)
    {
        var isThere = ResponseCookieReader.TryRead(header, "sid", Now, out var read);

        Assert.Equal(value, isThere ? read.ToString() : null);
    }

    [Fact]
    public void TryRead_SeveralHeaders_TheLastOfTheNameCounts()
    {
        var headers = new StringValues(["sid=1", "sid=2", "other=3"]);

        Assert.True(ResponseCookieReader.TryRead(headers, "sid", Now, out var read));
        Assert.Equal("2", read.ToString());
    }
}
