using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using CsCheck;
using OrleansLb.Core.AccessLog;

namespace OrleansLb.Core.Tests.AccessLog;

/// <summary>What holds for every line, whatever a client sent.</summary>
public sealed partial class AccessLineLaws
{
    private static readonly string[] Words =
    [
        "\"", "\\", "\r\n", "\n", "\r", "\0", "\t", "\x1B[31m", "\x7F", "\x85", "\u2028", "\u202E", "\uD800", "\uDC00", "\U0001F600", "\u00E9", "{", "}", ",", ":", "\\u0022", "\\x22",
        "\",\"status\":200", "\" 200 1 \"", " ", "-", "/", "a", "%0d%0a", "</script>", "'", "&", "+",
    ];

    private static readonly Gen<string> GenText = Gen.OneOf(
        Gen.Int[0, Words.Length - 1].Array[0, 20].Select(static picks => string.Concat(picks.Select(static pick => Words[pick]))),
        Gen.Char['\0', '\uFFFF'].Array[0, 60].Select(static chars => new string(chars)),
        Gen.Select(Gen.Int[0, Words.Length - 1], Gen.Int[0, 3000]).Select(static (pick, count) => string.Concat(Enumerable.Repeat(Words[pick], count))));

    private static readonly Gen<IPAddress?> GenClient = Gen.OneOf(
        Gen.Byte.Array[4].Select(static bytes => (IPAddress?)new IPAddress(bytes)),
        Gen.Byte.Array[16].Select(static bytes => (IPAddress?)new IPAddress(bytes)),
        Gen.Byte.Array[4].Select(static bytes => (IPAddress?)new IPAddress(bytes).MapToIPv6()),
        Gen.Const(static () => (IPAddress?)null));

    private static readonly Gen<WrittenRecord> GenRecord = Gen.Select(
        GenText.Array[6],
        GenText.Array[9],
        Gen.Int[0, int.MaxValue].Array[4],
        Gen.Long[0, DateTime.MaxValue.Ticks].Array[4],
        Gen.Enum<EndReason>(),
        GenClient,
        static (texts, names, numbers, ticks, reason, client) => new WrittenRecord(texts, names, numbers, ticks, reason, client));

    [Fact]
    public void ALineOfJsonIsOneLineThatSaysWhatItWasGiven() => GenRecord.Sample(static record =>
    {
        var line = record.Json;
        Assert.DoesNotContain(line[..^1], static c => c is < ' ' or > '~');
        using var parsed = JsonDocument.Parse(line);
        var members = parsed.RootElement.EnumerateObject().ToDictionary(static member => member.Name, static member => member.Value);
        AssertTexts(record, members);
        AssertNumbers(record, members);
        Assert.Equal(record.Client is { } client ? (client.IsIPv4MappedToIPv6 ? client.MapToIPv4() : client).ToString() : null, members.TryGetValue("client", out var shown) ? shown.GetString() : null);
        Assert.Equal(Encoding.ASCII.GetString(EndReasonCodes.Of(record.Reason)), members["reason"].GetString());
        Assert.Equal(record.Arrived.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture), members["time"].GetString());
    }, iter: 2_000);

    [Fact]
    public void ACombinedLineIsOneLineOfItsParts() => GenRecord.Sample(static record =>
    {
        var match = Combined().Match(record.Combined);
        Assert.True(match.Success, record.Combined);
        Assert.Equal(record.Numbers[0].ToString(CultureInfo.InvariantCulture), match.Groups["status"].Value);
        Assert.Equal(record.Numbers[3] == 0 ? "-" : record.Numbers[3].ToString(CultureInfo.InvariantCulture), match.Groups["sent"].Value);
        Assert.Equal(
            record.Arrived.AddTicks(-(record.Ticks[0] % TimeSpan.TicksPerSecond)),
            DateTimeOffset.ParseExact(match.Groups["time"].Value, "dd/MMM/yyyy:HH:mm:ss zzz", CultureInfo.InvariantCulture));
        AssertShown(record.Texts[0], AccessLine.Word, match.Groups["method"].Value);
        AssertShown(record.Texts[1], AccessLine.Path, match.Groups["path"].Value);
        AssertShown(record.Texts[2], AccessLine.Word, match.Groups["protocol"].Value);
        AssertShown(record.Texts[4], AccessLine.Referer, match.Groups["referer"].Value);
        AssertShown(record.Texts[5], AccessLine.UserAgent, match.Groups["agent"].Value);
    }, iter: 2_000);

    [Fact]
    public void TheLongestTextsFit() => Assert.All(Words, static word =>
    {
        string[] texts = [.. Enumerable.Repeat(string.Concat(Enumerable.Repeat(word, 8 * 1024)), 9)];
        var record = new WrittenRecord(texts, texts, [int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue], [DateTime.MaxValue.Ticks, long.MaxValue, long.MaxValue, long.MaxValue], default, IPAddress.IPv6None);
        Assert.EndsWith("}\n", record.Json, StringComparison.Ordinal);
        Assert.EndsWith("\"\n", record.Combined, StringComparison.Ordinal);
    });

    [Fact]
    public void CodesAreWordsAndNoneIsTwice()
    {
        string[] codes = [.. Enum.GetValues<EndReason>().Select(static reason => Encoding.ASCII.GetString(EndReasonCodes.Of(reason)))];
        Assert.All(codes, static code => Assert.Matches("^[a-z]+(_[a-z]+)*$", code));
        Assert.Equal(codes.Length, codes.Distinct().Count());
        Assert.Equal(("ok", "client_left_queue"), (codes[(int)EndReason.Ok], codes[(int)EndReason.ClientLeftQueue]));
    }

    private static void AssertTexts(WrittenRecord record, Dictionary<string, JsonElement> members)
    {
        (string Name, string Text, int Most)[] texts =
        [
            ("method", record.Texts[0], AccessLine.Word), ("path", record.Texts[1], AccessLine.Path), ("protocol", record.Texts[2], AccessLine.Word),
            ("host", record.Texts[3], AccessLine.Host), ("user_agent", record.Texts[5], AccessLine.UserAgent), ("detail", record.Names[0], AccessLine.Word),
            ("route", record.Names[1], AccessLine.Name), ("pool", record.Names[2], AccessLine.Name), ("backend", record.Names[3], AccessLine.Name),
            ("affinity", record.Names[4], AccessLine.Word), ("limit", record.Names[5], AccessLine.Word), ("limit_policy", record.Names[6], AccessLine.Name),
            ("tls", record.Names[7], AccessLine.Word), ("trace", record.Names[8], AccessLine.Word),
        ];
        foreach (var (name, text, most) in texts)
        {
            Assert.Equal(text.Length > 0, members.TryGetValue(name, out var value));
            if (text.Length > 0)
                Assert.Equal(WrittenRecord.Shown(text, most), value.GetString());
        }
    }

    private static void AssertNumbers(WrittenRecord record, Dictionary<string, JsonElement> members)
    {
        string[] names = ["status", "tries", "received", "sent"];
        Assert.Equal(record.Numbers, names.Select(name => members[name].GetInt32()));
        string[] times = ["queue_ms", "first_ms", "total_ms"];
        Assert.Equal(record.Ticks[1..].Select(static ticks => ticks / TimeSpan.TicksPerMicrosecond / 1000m), times.Select(name => members[name].GetDecimal()));
    }

    private static void AssertShown(string text, int most, string shown) =>
        Assert.Equal(text.Length == 0 ? "-" : WrittenRecord.Shown(text, most), Unescaped(shown));

    private static string Unescaped(string shown)
    {
        var bytes = new List<byte>();
        for (var at = 0; at < shown.Length; at++)
        {
            var isEscaped = shown[at] == '\\';
            bytes.Add(isEscaped ? byte.Parse(shown.AsSpan(at + 2, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) : (byte)shown[at]);
            at += isEscaped ? 3 : 0;
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }

    [GeneratedRegex(@"^(?<client>[0-9a-f.:%]+|-) - - \[(?<time>[^\]]+)\] ""(?<method>[!-~]+) (?<path>[!-~]+) (?<protocol>[!-~]+)"" (?<status>\d+) (?<sent>\d+|-) ""(?<referer>(?:[ !#-\[\]-~]|\\x[0-9A-F]{2})+)"" ""(?<agent>(?:[ !#-\[\]-~]|\\x[0-9A-F]{2})+)""\n\z")]
    private static partial Regex Combined();
}
