using System.Text;

namespace OrleansLb.Testing.Mutants;

/// <summary>What nobody writes into a configuration on purpose.</summary>
internal static class OddJson
{
    /// <summary>How deep bombs nest: shallow, at and beyond the limit of JSON's reader, and far beyond.</summary>
    public static readonly int[] Depths = [1, 2, 7, 62, 63, 64, 65, 300, 20_000];

    public static readonly string[] Values =
    [
        "null", "true", "false", "0", "-1", "1", "-0", "1.5", "1e309", "1e-400", "65536", "2147483648", "-2147483649", "99999999999999999999", "9223372036854775807", new('9', 400),
        "\"\"", "\" \"", "\"true\"", "\"-1\"", "\"NaN\"", "\"-Infinity\"", "\"0x10\"", "\"1,5\"", "\"1e9\"", "\"\\u0000\"", "\"a\\r\\nb: c\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\\u202e\"", "\"\u00e9\"",
        "\"\U0001F4A5\"", "\"\u0130\u0131\"", "\"-00:00:01\"", "\"00:00:00\"", "\"99:99:99\"", "\"10675199.02:48:05.4775807\"", "\"10675199.02:48:05.4775808\"", "\"30\"", "\"7.00:00:00\"",
        "[]", "{}", "[[]]", "[null]", "[1, 2, 3]", "{ \"\": \"\" }", "{ \"0\": null }", "{ \"a\": { \"b\": [ {} ] } }", "{ \"a:b\": 1, \"A\": { \"b\": 2 } }",
        "\"http://\"", "\"http://[\"", "\"http://a:99999/\"", "\"http://user:pw@a/?q#f\"", "\"http://169.254.169.254/\"", "\"gopher://a/\"", "\"//a\"", "\"::1/200\"", "\"10.0.0.0/33\"", "\"0.0.0.0/0\"",
        "\"{\"", "\"/{a\"", "\"/{**}\"", "\"/{a}{b}\"", "\"/{a}/{a}\"", "\"/{**a}/b\"", "\"/{a:regex((a+)+$)}\"", "\"/{a:regex(()}\"", "\"/{a:nonsense}\"", "\"/{a:range(2,1)}\"", "\"*\"", "\"*.\"", "\"a:0\"", "\"xn--\"",
        "\"(?=a)\"", "\"\\\\x\"", "\"%zz\"", "\"__Host-\"", "\"a b\"", "\"a;b\"", "\"Default\"", "\"Disable\"", "\"Deny\"", "\"Exact\"", "\"Route, Route\"", "\"TokenBucket\"", "\"ClusterSession\"", "\"Tcp\"",
        $"\"{new string('x', 300)}\"", $"\"{new string('x', 100_000)}\"", $"[{string.Join(',', Enumerable.Range(0, 2_000))}]",
    ];

    public static readonly string[] Names =
    [
        "\"\"", "\" \"", "\":\"", "\"::\"", "\"a:b\"", "\":a\"", "\"\\u0000\"", "\"\\ud800\"", "\"\\n\"", "\"\\u202e\"", "\"\u00e9\"", "\"\u0130\"", "\"0\"", "\"-1\"", "\"00\"", "\"4294967296\"", "\"$type\"",
        "\"ReverseProxy\"", "\"REVERSEPROXY\"", "\"Routes\"", "\"Clusters\"", "\"OrleansLb\"", "\"OrleansLb.X\"", "\"OrleansLb:RateLimiting\"", "\"Policies\"", "\"Match\"", "\"Path\"", "\"Weight\"", "\"Wieght\"",
        "\"Destinations\"", "\"Metadata\"", "\"Transforms\"", "\"HealthCheck\"", "\"Active\"", "\"Enabled\"", "\"ClusterId\"", $"\"{new string('n', 5_000)}\"",
    ];

    public static readonly byte[][] Bytes =
    [
        [0], [0xFF], [0xFE, 0xFF], [0xEF, 0xBB, 0xBF], [0xED, 0xA0, 0x80], [0xC0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82], [0x1B, (byte)'[', (byte)'2', (byte)'J'], [.. "\\ud800"u8], [.. "\\u0000"u8], [.. "\\x"u8],
        [.. "/*"u8], [.. "//"u8], [.. "\""u8], [.. "{"u8], [.. "}"u8], [.. "["u8], [.. "]"u8], [.. ","u8], [.. ":"u8], [.. "\r"u8], [.. "null"u8], [.. "NaN"u8], [.. "'"u8],
    ];

    public static readonly byte[][] Files =
        [[], [.. " \n"u8], [.. "null"u8], [.. "[]"u8], [.. "{}"u8], [.. "\"\""u8], [.. "0"u8], [.. "{} {}"u8], [.. "// nothing"u8], [0xFF, 0xFE, (byte)'{', 0, (byte)'}', 0], [0xEF, 0xBB, 0xBF, (byte)'{', (byte)'}'], new byte[4_096]];

    /// <summary>A value inside many others.</summary>
    public static byte[] Nested(ReadOnlySpan<byte> value, int depth, bool inLists)
    {
        var (opening, closing) = inLists ? ("[", "]") : ("{\"a\":", "}");
        return [.. Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(opening, depth))), .. value, .. Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(closing, depth)))];
    }
}
