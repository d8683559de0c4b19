using System.Text;
using OrleansLb.Core.Http1;

namespace OrleansLb.Core.Tests.Http1;

public sealed class ResponseHeadTests
{
    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n", "200 1.1 [OK] UntilClose -1 True 19 ")]
    [InlineData("HTTP/1.1 200 \r\n\r\n", "200 1.1 [] UntilClose -1 True 17 ")]
    [InlineData("HTTP/1.1 200\r\n\r\n", "200 1.1 [] UntilClose -1 True 16 ")]
    [InlineData("HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nabc", "200 1.0 [OK] Length 3 False 38 Content-Length=3")]
    [InlineData("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n\r\n", "200 1.0 [OK] UntilClose -1 False 43 Connection=keep-alive")]
    [InlineData("HTTP/1.1 404 Not  Found\r\n\r\n", "404 1.1 [Not  Found] UntilClose -1 True 27 ")]
    [InlineData("HTTP/1.1 999 \xE9t\xE9\r\n\r\n", "999 1.1 [\xE9t\xE9] UntilClose -1 True 20 ")]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\n", "204 1.1 [No Content] None -1 True 27 ")]
    [InlineData("HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n", "304 1.1 [Not Modified] None 7 True 48 Content-Length=7")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "200 1.1 [OK] None 0 True 38 Content-Length=0")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 007\r\n\r\n", "200 1.1 [OK] Length 7 True 40 Content-Length=007")]
    [InlineData("HTTP/1.1 200 OK\r\ncontent-LENGTH:5\r\n\r\n", "200 1.1 [OK] Length 5 True 37 content-LENGTH=5")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: CHUNKED \r\n\r\n", "200 1.1 [OK] Chunked -1 True 48 Transfer-Encoding=CHUNKED")]
    [InlineData("HTTP/1.1 200 OK\r\nConnection: x, Close\r\nContent-Length: 1\r\n\r\n", "200 1.1 [OK] Length 1 False 60 Connection=x, Close|Content-Length=1")]
    [InlineData("HTTP/1.1 200 OK\r\nConnection: closed\r\n\r\n", "200 1.1 [OK] UntilClose -1 True 39 Connection=closed")]
    [InlineData("HTTP/1.1 200 OK\r\nA: \t b c \t\r\nB:\r\nA:d\r\n\r\n", "200 1.1 [OK] UntilClose -1 True 40 A=b c|B=|A=d")]
    [InlineData("HTTP/1.1 200 OK\r\nX: a:b;c=\"d\"\xFF\r\n\r\n", "200 1.1 [OK] UntilClose -1 True 34 X=a:b;c=\"d\"\xFF")]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", "100 1.1 [Continue] None -1 True 25 ")]
    public void Head_OfValidForm_IsRead(string text, string read) => Assert.Equal(read, Reading.Describe(Reading.Bytes(text)));

    [Theory]
    [InlineData("HTTP/1.2 200 OK\r\n\r\n", Http1Fault.StatusLine)]
    [InlineData("HTTP/2.0 200 OK\r\n\r\n", Http1Fault.StatusLine)]
    [InlineData("http/1.1 200 OK\r\n\r\n", Http1Fault.StatusLine)]
    [InlineData("HTTP/1.1  200 OK\r\n\r\n", Http1Fault.StatusLine)]
    [InlineData("HTTP/1.1\t200 OK\r\n\r\n", Http1Fault.StatusLine)]
    [InlineData("HTTP/1.1 20 OK\r\n\r\n", Http1Fault.StatusLine)]
    [InlineData("HTTP/1.1 2000 OK\r\n\r\n", Http1Fault.StatusLine)]
    [InlineData("HTTP/1.1 099 OK\r\n\r\n", Http1Fault.StatusLine)]
    [InlineData("HTTP/1.1 +20 OK\r\n\r\n", Http1Fault.StatusLine)]
    [InlineData("HTTP/1.1 200\tOK\r\n\r\n", Http1Fault.StatusLine)]
    [InlineData("\r\nHTTP/1.1 200 OK\r\n\r\n", Http1Fault.StatusLine)]
    [InlineData("200 OK\r\n\r\n", Http1Fault.StatusLine)]
    [InlineData("<html>\r\n", Http1Fault.StatusLine)]
    [InlineData("HTTP/1.1 200 O\0K\r\n\r\n", Http1Fault.FieldValue)]
    [InlineData("HTTP/1.1 200 OK\n\r\n", Http1Fault.LineEnd)]
    [InlineData("HTTP/1.1 200 OK\r\nA: b\n\r\n", Http1Fault.LineEnd)]
    [InlineData("HTTP/1.1 200 OK\r\nA: b\r\n\n", Http1Fault.LineEnd)]
    [InlineData("HTTP/1.1 200 OK\r\nA: b\rc\r\n\r\n", Http1Fault.LineEnd)]
    [InlineData("HTTP/1.1 200 OK\r\nA: b\r\r\n\r\n", Http1Fault.LineEnd)]
    [InlineData("HTTP/1.1 200 OK\r\n A: b\r\n\r\n", Http1Fault.FoldedLine)]
    [InlineData("HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n", Http1Fault.FoldedLine)]
    [InlineData("HTTP/1.1 200 OK\r\nA: b\r\n\tc\r\n\r\n", Http1Fault.FoldedLine)]
    [InlineData("HTTP/1.1 200 OK\r\nA : b\r\n\r\n", Http1Fault.FieldName)]
    [InlineData("HTTP/1.1 200 OK\r\nA\t: b\r\n\r\n", Http1Fault.FieldName)]
    [InlineData("HTTP/1.1 200 OK\r\n: b\r\n\r\n", Http1Fault.FieldName)]
    [InlineData("HTTP/1.1 200 OK\r\nA b\r\n\r\n", Http1Fault.FieldName)]
    [InlineData("HTTP/1.1 200 OK\r\nA\xE9: b\r\n\r\n", Http1Fault.FieldName)]
    [InlineData("HTTP/1.1 200 OK\r\nA(b): c\r\n\r\n", Http1Fault.FieldName)]
    [InlineData("HTTP/1.1 200 OK\r\nA\0: c\r\n\r\n", Http1Fault.FieldName)]
    [InlineData("HTTP/1.1 200 OK\r\nA: b\0c\r\n\r\n", Http1Fault.FieldValue)]
    [InlineData("HTTP/1.1 200 OK\r\nA: b\x7F\r\n\r\n", Http1Fault.FieldValue)]
    [InlineData("HTTP/1.1 200 OK\r\nA: \x01\r\n\r\n", Http1Fault.FieldValue)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", Http1Fault.ContentLength)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n", Http1Fault.ContentLength)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\n", Http1Fault.ContentLength)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n", Http1Fault.ContentLength)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", Http1Fault.ContentLength)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\n", Http1Fault.ContentLength)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1 0\r\n\r\n", Http1Fault.ContentLength)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0x10\r\n\r\n", Http1Fault.ContentLength)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551617\r\n\r\n", Http1Fault.ContentLength)]
    [InlineData("HTTP/1.1 304 Not Modified\r\nContent-Length: x\r\n\r\n", Http1Fault.ContentLength)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", Http1Fault.TransferEncoding)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n\r\n", Http1Fault.TransferEncoding)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, chunked\r\n\r\n", Http1Fault.TransferEncoding)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", Http1Fault.TransferEncoding)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: \"chunked\"\r\n\r\n", Http1Fault.TransferEncoding)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: xchunked\r\n\r\n", Http1Fault.TransferEncoding)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding:\r\n\r\n", Http1Fault.TransferEncoding)]
    [InlineData("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", Http1Fault.TransferEncoding)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n", Http1Fault.LengthAndEncoding)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", Http1Fault.LengthAndEncoding)]
    public void Head_OfInvalidForm_IsRefusedForWhatIsWrong(string text, Http1Fault fault) =>
        Assert.Equal($"Refused {fault}", Reading.Describe(Reading.Bytes(text)));

    [Theory]
    [InlineData("")]
    [InlineData("H")]
    [InlineData("HTTP/1.1 200 OK\r")]
    [InlineData("HTTP/1.1 200 OK\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nA: b\r\n\r")]
    public void Head_CutOff_NeedsMore(string text) => Assert.Equal("NeedMore None", Reading.Describe(Reading.Bytes(text)));

    [Theory]
    [InlineData(true, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")]
    [InlineData(true, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")]
    [InlineData(true, "HTTP/1.1 200 OK\r\n\r\n")]
    [InlineData(false, "HTTP/1.1 204 OK\r\nTransfer-Encoding: chunked\r\n\r\n")]
    [InlineData(false, "HTTP/1.1 103 Early Hints\r\nContent-Length: 5\r\n\r\n")]
    public void Framing_WhereNoBodyMayBe_IsNoneWhateverTheHeadSays(bool isHead, string text) =>
        Assert.Equal(BodyFraming.None, Reading.ReadHead(Reading.Bytes(text)).Head.Framing(isHead));

    [Fact]
    public void Head_AsLongAsTheLimit_IsRead()
    {
        var (step, head, _) = Reading.ReadHead(OfLength(Http1Limits.Head), 1000);
        Assert.Equal((Http1Step.Complete, Http1Limits.Head), (step, head.Length));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(100_000)]
    public void Head_LongerThanTheLimit_IsRefusedAsSoonAsThatIsSeen(int piece)
    {
        var (step, head, seen) = Reading.ReadHead(OfLength(Http1Limits.Head + 1), piece);
        Assert.Equal((Http1Step.Refused, Http1Fault.HeadTooLarge), (step, head.Fault));
        Assert.InRange(seen, 0, Http1Limits.Head + piece);
    }

    [Fact]
    public void Head_WithoutLineEnds_IsRefusedAtTheLimit()
    {
        var (step, head, seen) = Reading.ReadHead([.. Enumerable.Repeat((byte)'a', 2 * Http1Limits.Head)], 512);
        Assert.Equal((Http1Step.Refused, Http1Fault.HeadTooLarge, Http1Limits.Head), (step, head.Fault, seen));
    }

    [Theory]
    [InlineData(Http1Limits.Fields, Http1Step.Complete)]
    [InlineData(Http1Limits.Fields + 1, Http1Step.Refused)]
    public void Head_WithManyFields_IsReadUpToTheLimit(int fields, Http1Step step)
    {
        var text = $"HTTP/1.1 200 OK\r\n{string.Concat(Enumerable.Repeat("a:b\r\n", fields))}\r\n";
        Assert.Equal(step, Reading.ReadHead(Reading.Bytes(text)).Step);
    }

    [Fact]
    public void Reader_BegunAgain_KnowsNothingOfTheHeadBefore()
    {
        var bytes = Reading.Bytes("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nHTTP/1.1 404 \r\nTransfer-Encoding: chunked\r\n\r\n");
        var head = new ResponseHead();
        Assert.Equal(Http1Step.Complete, head.Read(bytes));

        head.Begin(head.Length);

        Assert.Equal(Http1Step.Complete, head.Read(bytes));
        Assert.Equal((404, BodyFraming.Chunked, true, 45), (head.Status, head.Framing(false), head.KeepsConnection, head.Length));
        Assert.Equal("chunked", Encoding.Latin1.GetString(head.Fields[0].Value(bytes)));
    }

    private static byte[] OfLength(int length)
    {
        const string Begin = "HTTP/1.1 200 OK\r\nA: ";
        return Reading.Bytes($"{Begin}{new string('b', length - Begin.Length - 4)}\r\n\r\n");
    }
}
