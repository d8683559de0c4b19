using System.Net;
using System.Text;
using OrleansLb.Core.AccessLog;

namespace OrleansLb.Core.Tests.AccessLog;

/// <summary>What a test has written: texts that clients choose, names that we do, and numbers.</summary>
/// <param name="Texts">Method, path, protocol, host, referer and user agent.</param>
/// <param name="Names">Detail, route, pool, backend, affinity, limit, policy, TLS and trace.</param>
/// <param name="Numbers">Status, tries, bytes of both bodies.</param>
/// <param name="Ticks">When it arrived, and how long it took in three parts.</param>
/// <param name="Reason">How it ended.</param>
/// <param name="Client">Who sent it.</param>
internal sealed record WrittenRecord(string[] Texts, string[] Names, int[] Numbers, long[] Ticks, EndReason Reason, IPAddress? Client)
{
    internal DateTimeOffset Arrived => new(Ticks[0], TimeSpan.Zero);

    internal string Json => Write(static (in AccessRecord record, Span<byte> line) => JsonLine.Write(record, line));

    internal string Combined => Write(static (in AccessRecord record, Span<byte> line) => CombinedLine.Write(record, line));

    /// <summary>A text as a line shall show it: cut, without half a character, and with another one for what is none.</summary>
    internal static string Shown(string text, int most)
    {
        if (text.Length > most)
        {
            var cut = char.IsSurrogatePair(text, most - 1) ? most - 1 : most;
            text = text[..cut] + "...";
        }

        return string.Concat(text.EnumerateRunes());
    }

    private string Write(Writer write)
    {
        var record = new AccessRecord
        {
            Arrived = Arrived,
            Client = Client,
            Method = Texts[0],
            Path = Texts[1],
            Protocol = Texts[2],
            Host = Texts[3],
            Referer = Texts[4],
            UserAgent = Texts[5],
            Status = Numbers[0],
            Tries = Numbers[1],
            Received = Numbers[2],
            Sent = Numbers[3],
            Reason = Reason,
            Detail = Names[0],
            Route = Names[1],
            Pool = Names[2],
            Backend = Names[3],
            Affinity = Names[4],
            Limit = Names[5],
            LimitPolicy = Names[6],
            Tls = Names[7],
            Trace = Names[8],
            Queued = new TimeSpan(Ticks[1]),
            First = new TimeSpan(Ticks[2]),
            Total = new TimeSpan(Ticks[3]),
        };
        var line = new byte[AccessLine.Longest];
        return Encoding.Latin1.GetString(line, 0, write(record, line));
    }

    private delegate int Writer(in AccessRecord record, Span<byte> line);
}
