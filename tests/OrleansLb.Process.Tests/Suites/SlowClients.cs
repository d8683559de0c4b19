using System.Globalization;
using OrleansLb.Process.Tests.Processes;

namespace OrleansLb.Process.Tests.Suites;

/// <summary>Clients of the public suite <c>slowhttptest</c>, which keep their connections for as long as they are let.</summary>
internal sealed class SlowClients : ProductProcess
{
    private const int ConnectionsPerSecond = 1_000;

    // Longer than anybody waits for.
    private const int Seconds = 200;

    private SlowClients(string name, Uri target, int count, params string[] kind)
        : base(name, "slowhttptest", ["-c", Text(count), "-r", Text(ConnectionsPerSecond), "-l", Text(Seconds), "-u", target.ToString(), .. kind]) => Count = count;

    /// <summary>How many they are.</summary>
    public int Count { get; }

    /// <summary>Each sends a head of which every two seconds one more line comes.</summary>
    public static SlowClients SendingHeads(Uri target, int count) => new("slow heads", target, count, "-H", "-i", "2", "-x", "8");

    /// <summary>Each sends a body of which every second some bytes come.</summary>
    public static SlowClients SendingBodies(Uri target, int count) => new("slow bodies", target, count, "-B", "-i", "1", "-x", "8");

    /// <summary>Each reads five bytes of the answer every second.</summary>
    public static SlowClients Reading(Uri target, int count) => new("slow readers", target, count, "-X", "-n", "1", "-z", "5");

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
