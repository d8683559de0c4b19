using System.Globalization;

namespace OrleansLb.EdgeBench.Scenarios;

/// <summary>Scenarios that are loads at saturation.</summary>
internal static class SaturationCases
{
    private const int Kilobyte = 1_000;
    private const int Megabyte = 1_000_000;
    private const int BodyConnections = 8;

    public static SaturationScenario Bodies { get; } = new(
        "bodies",
        "Bodies",
        "A closed loop of 8 connections. Down is what the backend answers with, up is what the client sends.",
        [Down("1 KB", Kilobyte), Down("100 KB", 100 * Kilobyte), Down("10 MB", 10 * Megabyte), Up("1 KB", Kilobyte), Up("100 KB", 100 * Kilobyte), Up("10 MB", 10 * Megabyte)]);

    public static SaturationScenario NewConnections { get; } = new(
        "new-connections",
        "New connections",
        "A closed loop of 32 clients, each of which connects, asks once, has its answer and closes; without TLS. Connections to the backends are kept.",
        [new SaturationCase("a connection a request", static contestant => contestant.Get("/"), Anew: true)]);

    public static SaturationScenario ManyConnections { get; } = new(
        "many-connections",
        "From 10 to 8,000 connections",
        "A closed loop: each connection asks again as soon as it has its answer.",
        [.. ((int[])[10, 100, 1_000, 8_000]).Select(static count => new SaturationCase(Number(count, "connections"), static contestant => contestant.Get("/"), Connections: count))]);

    public static SaturationScenario ManyBackends { get; } = new(
        "many-backends",
        "From 1 to 1,000 backends",
        "A closed loop of 32 connections, by least connections. Backends are ports of one process.",
        [.. ((int[])[1, 10, 100, 1_000]).Select(static count => new SaturationCase(Number(count, "backends"), static contestant => contestant.Get("/"), Backends: count))]);

    private static SaturationCase Down(string name, int bytes) => new(
        $"{name} down", contestant => contestant.Get(string.Create(CultureInfo.InvariantCulture, $"/bytes/{bytes}")), bytes, BodyConnections);

    private static SaturationCase Up(string name, int bytes) => new($"{name} up", contestant => contestant.Upload(bytes), bytes, BodyConnections);

    private static string Number(int count, string of) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {of}");
}
