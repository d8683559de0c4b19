using System.Text;
using OrleansLb.Core.Http1;

namespace OrleansLb.Core.Tests.Http1;

public sealed class ChunkedBodyTests
{
    [Theory]
    [InlineData("0\r\n\r\n", "", 3)]
    [InlineData("5\r\nhello\r\n0\r\n\r\n", "hello", 13)]
    [InlineData("1\r\na\r\n2\r\nbc\r\n000\r\nX: y\r\n\r\n", "abc", 18)]
    [InlineData("A\r\n0123456789\r\n0\r\n", "0123456789", 18)]
    [InlineData("a;name=\"v\"\r\n0123456789\r\n0;last\r\n", "0123456789", 32)]
    [InlineData("0000000000000005\r\nhello\r\n0\r\n", "hello", 28)]
    [InlineData("5 \t\r\nhello\r\n0\r\n", "hello", 15)]
    [InlineData("5 ;a\r\nhello\r\n0\t\r\n", "hello", 17)]
    [InlineData("2\r\n\r\n\r\n0\r\n", "\r\n", 10)]
    public void Body_OfValidForm_IsTakenOut(string text, string body, int consumed)
    {
        var read = Reading.ReadChunks(Reading.Bytes(text));
        Assert.Equal((ChunkedStep.Trailers, body, consumed), (read.Step, Encoding.Latin1.GetString(read.Body), read.Consumed));
    }

    [Theory]
    [InlineData("\r\n")]
    [InlineData(";a\r\n")]
    [InlineData(" 5\r\nhello\r\n")]
    [InlineData("-5\r\nhello\r\n")]
    [InlineData("0x5\r\nhello\r\n")]
    [InlineData("g\r\n")]
    [InlineData("5\nhello\r\n")]
    [InlineData("5 6\r\nhello\r\n")]
    [InlineData("5\ta\r\nhello\r\n")]
    [InlineData("5\r\rhello\r\n")]
    [InlineData("5\r\nhello!\r\n")]
    [InlineData("5\r\nhello\n0\r\n")]
    [InlineData("5\r\nhello\r0\r\n")]
    [InlineData("5;a\nhello\r\n")]
    [InlineData("5;a\0b\r\nhello\r\n")]
    [InlineData("5;a\rb\r\nhello\r\n")]
    [InlineData("00000000000000005\r\nhello\r\n")]
    [InlineData("8000000000000000\r\n")]
    [InlineData("FFFFFFFFFFFFFFFF\r\n")]
    [InlineData("10000000000000005\r\nhello\r\n")]
    public void Body_OfInvalidForm_IsRefused(string text)
    {
        var read = Reading.ReadChunks(Reading.Bytes(text));
        Assert.Equal((ChunkedStep.Refused, Http1Fault.Chunk), (read.Step, read.Fault));
    }

    [Theory]
    [InlineData(Http1Limits.ChunkExtension, ChunkedStep.Trailers)]
    [InlineData(Http1Limits.ChunkExtension + 1, ChunkedStep.Refused)]
    public void Extension_OfOneLine_IsBounded(int length, ChunkedStep step) =>
        Assert.Equal(step, Reading.ReadChunks(Reading.Bytes($"0;{new string('a', length - 1)}\r\n")).Step);

    [Theory]
    [InlineData(16, ChunkedStep.Trailers)]
    [InlineData(17, ChunkedStep.Refused)]
    public void Extensions_OfAllLines_AreBounded(int chunks, ChunkedStep step)
    {
        Assert.Equal(Http1Limits.ChunkExtensions, 16 * Http1Limits.ChunkExtension);
        var chunk = $"1;{new string('a', Http1Limits.ChunkExtension - 1)}\r\nx\r\n";
        var read = Reading.ReadChunks(Reading.Bytes($"{string.Concat(Enumerable.Repeat(chunk, chunks))}0\r\n"));
        Assert.Equal(step, read.Step);
        Assert.Equal(step == ChunkedStep.Refused ? Http1Fault.ChunkExtension : Http1Fault.None, read.Fault);
    }

    [Fact]
    public void Chunk_LargerThanAnArray_IsReadAsFarAsItGoes()
    {
        var read = Reading.ReadChunks(Reading.Bytes("7fffffffffffffff\r\nabc"));
        Assert.Equal((ChunkedStep.NeedMore, "abc"), (read.Step, Encoding.Latin1.GetString(read.Body)));
    }
}
