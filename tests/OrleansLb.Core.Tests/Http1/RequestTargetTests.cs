using System.Text;
using CsCheck;
using OrleansLb.Core.Http1;

namespace OrleansLb.Core.Tests.Http1;

public sealed class RequestTargetTests
{
    [Theory]
    [InlineData("/", true)]
    [InlineData("", true)]
    [InlineData("*", true)]
    [InlineData("/a/b;c=d,e", true)]
    [InlineData("/a%2Fb%5Cc%20%25", true)]
    [InlineData("/%C3%A4%e2%82%ac%F0%9F%98%80", true)]
    [InlineData("/a?%zz\\\u0001", true)]
    [InlineData("/a\\b", false)]
    [InlineData("/a#b", false)]
    [InlineData("/a?b#c", false)]
    [InlineData("/a?#", false)]
    [InlineData("/a\u0001b", false)]
    [InlineData("/a\u007fb", false)]
    [InlineData("/a b", false)]
    [InlineData("/%", false)]
    [InlineData("/%4", false)]
    [InlineData("/%zz", false)]
    [InlineData("/%+1", false)]
    [InlineData("/% 1", false)]
    [InlineData("/%00", false)]
    [InlineData("/%C0%AF", false)]
    [InlineData("/%C3", false)]
    [InlineData("/%C3%", false)]
    [InlineData("/%C3a", false)]
    [InlineData("/%E2%82", false)]
    [InlineData("/%ED%A0%80", false)]
    [InlineData("/%F5%80%80%80", false)]
    [InlineData("/%80", false)]
    public void HasPlainPath_Target_IsWhatEverybodyReadsAlike(string target, bool expected) => Assert.Equal(expected, RequestTarget.HasPlainPath(target));

    [Theory]
    [InlineData("http://user@host/", true)]
    [InlineData("http://user:word@host", true)]
    [InlineData("http://@host?a", true)]
    [InlineData("http://host/a@b", false)]
    [InlineData("http://host?a@b", false)]
    [InlineData("/http://user@host/", false)]
    [InlineData("user@host:80", false)]
    [InlineData("*", false)]
    [InlineData("", false)]
    public void HasUserInformation_Target_IsSaidOfTheAuthorityAlone(string target, bool expected) => Assert.Equal(expected, RequestTarget.HasUserInformation(target));

    [Theory]
    [InlineData("/a/../b", true)]
    [InlineData("/..", true)]
    [InlineData("/a/.", true)]
    [InlineData("/./a", true)]
    [InlineData("/a/.../b", false)]
    [InlineData("/.well-known/..a/.b", false)]
    [InlineData("/a./b..", false)]
    [InlineData("/", false)]
    [InlineData("", false)]
    public void HasDotSegment_Path_IsSaidOfWholeSegments(string path, bool expected) => Assert.Equal(expected, RequestTarget.HasDotSegment(path));

    [Fact]
    public void EveryTextThatIsEscapedIsPlain() =>
        Gen.String.Sample(static text =>
        {
            var octets = Encoding.UTF8.GetBytes(text);
            return RequestTarget.HasPlainPath('/' + string.Concat(octets.Select(static octet => $"%{octet:X2}"))) == !octets.Contains((byte)0);
        });

    [Fact]
    public void OctetsThatAreNoUtf8AreNotPlain() =>
        Gen.Byte.Array[1, 12].Sample(static octets =>
            RequestTarget.HasPlainPath('/' + string.Concat(octets.Select(static octet => $"%{octet:x2}"))) == (IsUtf8(octets) && !octets.Contains((byte)0)));

    private static bool IsUtf8(byte[] octets)
    {
        try
        {
            _ = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(octets);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
