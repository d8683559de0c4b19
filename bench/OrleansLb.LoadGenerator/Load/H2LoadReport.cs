using System.Globalization;
using System.Text.RegularExpressions;

namespace OrleansLb.LoadGenerator.Load;

/// <summary>What h2load of nghttp2 says at its end. A line that is not there, or reads otherwise, is a mistake: figures that are not understood are worth nothing.</summary>
/// <param name="Elapsed">How long it asked.</param>
/// <param name="Answered">Requests that were answered with a status of 200 to 399.</param>
/// <param name="Failed">Requests with another status, and those whose stream or connection broke.</param>
/// <param name="Successes">Answers whose status was 200 to 299, those that were not complete at the end among them.</param>
/// <param name="Bytes">Bytes of all bodies, those of answers that were not complete at the end among them.</param>
/// <param name="Spoken">What was agreed upon: version of TLS, cipher, group of the keys, protocol; empty when nobody was reached.</param>
/// <param name="Counts">The line of the requests, and that of the statuses.</param>
internal sealed partial record H2LoadReport(TimeSpan Elapsed, long Answered, long Failed, long Successes, long Bytes, string Spoken, string Counts)
{
    /// <summary>Reads it.</summary>
    /// <param name="output">All that it said.</param>
    /// <exception cref="FormatException">A line is missing.</exception>
    public static H2LoadReport Parse(string output)
    {
        var (requests, statuses) = (Find(Requests(), output), Find(Statuses(), output));
        return new H2LoadReport(
            Time(Find(Finished(), output)),
            Number(requests, "succeeded"),
            Number(requests, "failed") + Number(requests, "errored") + Number(requests, "timeout"),
            Number(statuses, "good"),
            Number(Find(Traffic(), output), "data"),
            Number(requests, "done") == 0 ? "" : string.Join(", ", ((Regex[])[Version(), Cipher(), Key(), Protocol()]).Select(line => Find(line, output).Groups[1].Value)),
            $"{requests.Value}; {statuses.Value}");
    }

    /// <summary>
    /// Answers that had not the body that was asked for, or another status than 2xx. The bytes are counted together: what a failed call of gRPC lacks, whose status is 200 all the same,
    /// shows as soon as it is more than what is on its way at the end.
    /// </summary>
    /// <param name="plan">What was asked for.</param>
    public long WrongAnswers(H2LoadPlan plan)
    {
        var awaited = Answered * plan.Bytes;
        var most = awaited + ((long)plan.AtOnce * plan.Bytes);
        if (Bytes > most && Failed == 0)
            return Answered; // Who can say which of them are right?
        var missing = Math.Max(0, awaited - Bytes);
        return Math.Max((missing + plan.Bytes - 1) / plan.Bytes, Math.Max(0, Answered - Successes));
    }

    private static TimeSpan Time(Match match)
    {
        var number = double.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture);
        return match.Groups["unit"].Value switch { "s" => TimeSpan.FromSeconds(number), "ms" => TimeSpan.FromMilliseconds(number), _ => TimeSpan.FromMicroseconds(number) };
    }

    private static long Number(Match match, string group) => long.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    private static Match Find(Regex line, string output) => line.Match(output) is { Success: true } match ? match : throw new FormatException($"h2load says nothing like {line}");

    [GeneratedRegex(@"^finished in (?<number>\d+(\.\d+)?)(?<unit>s|ms|us), ", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Finished();

    [GeneratedRegex(
        @"^requests: \d+ total, \d+ started, (?<done>\d+) done, (?<succeeded>\d+) succeeded, (?<failed>\d+) failed, (?<errored>\d+) errored, (?<timeout>\d+) timeout$",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Requests();

    [GeneratedRegex(@"^status codes: (?<good>\d+) 2xx, \d+ 3xx, \d+ 4xx, \d+ 5xx$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Statuses();

    [GeneratedRegex(@"^traffic: .* \((?<data>\d+)\) data$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Traffic();

    [GeneratedRegex("^TLS Protocol: (.+)$", RegexOptions.Multiline)]
    private static partial Regex Version();

    [GeneratedRegex("^Cipher: (.+)$", RegexOptions.Multiline)]
    private static partial Regex Cipher();

    [GeneratedRegex(@"^Server Temp Key: (\w+).*$", RegexOptions.Multiline)]
    private static partial Regex Key();

    [GeneratedRegex("^Application protocol: (.+)$", RegexOptions.Multiline)]
    private static partial Regex Protocol();
}
