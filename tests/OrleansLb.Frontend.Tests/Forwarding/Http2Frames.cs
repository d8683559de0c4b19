using System.Globalization;

namespace OrleansLb.Frontend.Tests.Forwarding;

/// <summary>Frames of HTTP/2 as a hostile client writes them: every name and value literally, without indexing and Huffman's code.</summary>
internal static class Http2Frames
{
    private const int Data = 0;
    private const int Head = 1;
    private const int SettingsKind = 4;
    private const int EndStream = 1;
    private const int EndHeaders = 4;

    /// <summary>What a client begins with: the preface and settings that say nothing.</summary>
    internal static string Beginning => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + Frame(SettingsKind, 0, 0, "");

    /// <summary>The head of a request on the first stream.</summary>
    internal static string Request(string method, bool isLast, params (string Name, string Value)[] fields) =>
        Fields(isLast, [(":method", method), (":scheme", "http"), (":path", "/"), (":authority", "x"), .. fields]);

    /// <summary>A part of its body.</summary>
    internal static string Body(string data) => Frame(Data, 0, 1, data);

    /// <summary>What ends it.</summary>
    internal static string Trailers(params (string Name, string Value)[] fields) => Fields(isLast: true, fields);

    private static string Fields(bool isLast, (string Name, string Value)[] fields) =>
        Frame(Head, EndHeaders | (isLast ? EndStream : 0), 1, string.Concat(fields.Select(static field => "\0" + Literal(field.Name) + Literal(field.Value))));

    private static string Literal(string text) =>
        text.Length < 127 ? (char)text.Length + text : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{text.Length} characters are more than one byte says."), nameof(text));

    private static string Frame(int kind, int flags, int stream, string payload) =>
        $"{(char)0}{(char)(payload.Length >> 8)}{(char)(payload.Length & 0xFF)}{(char)kind}{(char)flags}\0\0\0{(char)stream}{payload}";
}
