using System.Text;
using CsCheck;
using OrleansLb.Core.Health;

namespace OrleansLb.Core.Tests.Health;

public sealed class ProbeTextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("PING\\r\\n", "50494E470D0A")]
    [InlineData("a\\tb\\0c\\\\d", "6109620063" + "5C64")]
    [InlineData("\\x00\\xFf\\x7f", "00FF7F")]
    [InlineData("\\01", "0031")]
    [InlineData("ü\r\n", "C3BC0D0A")]
    public void TryParse_Text_IsItsBytes(string text, string hex)
    {
        Assert.True(ProbeText.TryParse(text, out var bytes));
        Assert.Equal(hex, Convert.ToHexString(bytes));
    }

    [Theory]
    [InlineData("\\")]
    [InlineData("a\\")]
    [InlineData("\\q")]
    [InlineData("\\x")]
    [InlineData("\\x1")]
    [InlineData("\\x1g")]
    [InlineData("\\x+1")]
    [InlineData("\\x 1")]
    [InlineData("\\u0041")]
    public void TryParse_UnknownEscape_IsRefused(string text) => Assert.False(ProbeText.TryParse(text, out _));

    [Fact]
    public void TryParse_AnyBytesAsHexEscapes_ComeBack() => Gen.Byte.Array[0, 100].Sample(static bytes =>
    {
        var text = new StringBuilder();
        foreach (var value in bytes) text.Append("\\x").Append(Convert.ToHexString([value]));
        Assert.True(ProbeText.TryParse(text.ToString(), out var read));
        Assert.Equal(bytes, read);
    });
}
