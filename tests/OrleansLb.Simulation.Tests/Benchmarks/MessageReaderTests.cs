using System.Text;
using CsCheck;
using OrleansLb.LoadGenerator.Http;

namespace OrleansLb.Simulation.Tests.Benchmarks;

public sealed class MessageReaderTests
{
    [Fact]
    public void MessagesEndWhereTheyEndHoweverTheBytesAreCut() =>
        Gen.Select(Gen.Int[0, 300].Array[1, 5], Gen.Int[1, 80].Array[1, 8]).Sample(static (lengths, cuts) =>
        {
            var bytes = Encoding.ASCII.GetBytes(string.Concat(lengths.Select(static (length, i) => $"HTTP/1.1 {200 + i} OK\r\nServer: x\r\nContent-Length: {length}\r\n\r\n{new string('\n', length)}")));
            var (reader, seen, at) = (new MessageReader(), new List<int>(), 0);
            for (var cut = 0; at < bytes.Length; cut++)
            {
                var part = bytes.AsSpan(at, Math.Min(cuts[cut % cuts.Length], bytes.Length - at));
                at += part.Length;
                ReadOnlySpan<byte> rest = part;
                while (!rest.IsEmpty && reader.Read(ref rest))
                    seen.Add(reader.Status);
            }

            return seen.SequenceEqual(Enumerable.Range(200, lengths.Length)) && reader.IsBetweenMessages;
        });

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok", 200, true)]
    [InlineData("HTTP/1.1 429 Too Many Requests\r\ncontent-length: 0\r\nconnection: keep-alive\r\n\r\n", 429, false)]
    public void Read_Answer_HasStatusAndWhetherItCloses(string text, int status, bool closes)
    {
        var reader = new MessageReader();
        ReadOnlySpan<byte> bytes = Encoding.ASCII.GetBytes(text);
        Assert.True(reader.Read(ref bytes));
        Assert.Equal((status, closes, 0), (reader.Status, reader.Closes, bytes.Length));
    }

    [Fact]
    public void Read_Request_NeedsNoLength()
    {
        var reader = new MessageReader();
        ReadOnlySpan<byte> bytes = "GET /bytes/7 HTTP/1.1\r\nHost: x\r\n\r\nGET"u8;
        Assert.True(reader.Read(ref bytes));
        Assert.Equal(("GET /bytes/7 HTTP/1.1", 3), (reader.FirstLine, bytes.Length));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nServer: x\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n")]
    public void Read_AnswerWhoseEndIsUnknown_IsRefused(string text) => Assert.Throws<FormatException>(() =>
    {
        ReadOnlySpan<byte> bytes = Encoding.ASCII.GetBytes(text);
        return new MessageReader().Read(ref bytes);
    });

    [Fact]
    public void Read_HeadWithoutEnd_IsRefused() => Assert.Throws<FormatException>(static () =>
    {
        var reader = new MessageReader();
        for (var i = 0; i < 20; i++)
        {
            ReadOnlySpan<byte> bytes = new byte[1024];
            reader.Read(ref bytes);
        }
    });
}
