using OrleansLb.LoadGenerator.Load;

namespace OrleansLb.Simulation.Tests.Benchmarks;

/// <summary>What is understood of h2load's words, and that nothing is guessed.</summary>
public sealed class H2LoadReportTests
{
    private const string Words = """
        starting benchmark...
        spawning thread #0: 4 total client(s). Timing-based test with 0s of warm-up time and 1s of main duration for measurements.
        Main benchmark duration is started for thread #0.
        TLS Protocol: TLSv1.3
        Cipher: TLS_AES_128_GCM_SHA256
        Server Temp Key: X25519 253 bits
        Application protocol: h2
        Main benchmark duration is over for thread #0. Stopping all clients.
        Stopped all clients for thread #0

        finished in 596.13ms, 31941.00 req/s, 2.95MB/s
        requests: 31941 total, 31973 started, 31941 done, 31930 succeeded, 5 failed, 4 errored, 2 timeout
        status codes: 31936 2xx, 0 3xx, 0 4xx, 5 5xx
        traffic: 2.95MB (3098473) total, 1.49MB (1565109) headers (space savings 50.51%), 935.77KB (958230) data
                             min         max         mean         sd        +/- sd
        time for request:       42us     14.69ms       797us      1.41ms    88.74%

        """;

    [Fact]
    public void Parse_WordsOfH2Load_HasCountsAndWhatWasSpoken()
    {
        var report = H2LoadReport.Parse(Words);
        Assert.Equal((TimeSpan.FromMilliseconds(596.13), 31930, 11, 31936, 958230), (report.Elapsed, report.Answered, report.Failed, report.Successes, report.Bytes));
        Assert.Equal("TLSv1.3, TLS_AES_128_GCM_SHA256, X25519, h2", report.Spoken);
        Assert.Contains("5 failed, 4 errored, 2 timeout; status codes: 31936 2xx", report.Counts, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_NobodyWasReached_NothingWasSpoken()
    {
        var report = H2LoadReport.Parse(
            "finished in 1.00s, 0.00 req/s, 0B/s\nrequests: 0 total, 0 started, 0 done, 0 succeeded, 0 failed, 0 errored, 0 timeout\n"
            + "status codes: 0 2xx, 0 3xx, 0 4xx, 0 5xx\ntraffic: 0B (0) total, 0B (0) headers (space savings 0.00%), 0B (0) data\n");
        Assert.Equal((0, 0, ""), (report.Answered, report.Failed, report.Spoken));
    }

    [Theory]
    [InlineData(1_000, 100_000, 1_000, 0)]
    [InlineData(1_000, 103_200, 1_032, 0)] // What 32 streams had on their way at the end.
    [InlineData(1_000, 103_201, 1_000, 1_000)] // Answers are too long, whichever.
    [InlineData(1_000, 99_999, 1_000, 1)]
    [InlineData(1_000, 60_000, 1_000, 400)] // Calls of gRPC that failed: their status is 200, and they have no message.
    [InlineData(1_000, 100_000, 900, 100)] // Sent elsewhere with 3xx.
    public void WrongAnswers_OfAHundredBytes_AreCounted(int answered, long bytes, int successes, int wrong)
    {
        var report = new H2LoadReport(TimeSpan.FromSeconds(1), answered, Failed: 0, successes, bytes, "", "");
        Assert.Equal(wrong, report.WrongAnswers(new H2LoadPlan(Bytes: 100, Connections: 4, Streams: 8)));
    }

    [Theory]
    [InlineData("finished in ")]
    [InlineData("requests: ")]
    [InlineData("status codes: ")]
    [InlineData("traffic: ")]
    [InlineData("TLS Protocol: ")]
    [InlineData("Cipher: ")]
    [InlineData("Server Temp Key: ")]
    [InlineData("Application protocol: ")]
    public void Parse_ALineIsMissingOrReadsOtherwise_IsRefused(string line)
    {
        Assert.Throws<FormatException>(() => H2LoadReport.Parse(Words.Replace(line, "something else: ", StringComparison.Ordinal)));
    }
}
