using OrleansLb.Chaos.Load;
using OrleansLb.Chaos.Plans;
using OrleansLb.Chaos.Verdicts;

namespace OrleansLb.Simulation.Tests.Chaos;

/// <summary>Made-up runs of ten seconds with ten requests a second, of which nothing can be said against, to which trouble is added.</summary>
internal static class Runs
{
    public const string First = "127.0.0.1:1001";
    public const string Second = "127.0.0.1:1002";

    public static readonly TimeSpan Length = TimeSpan.FromSeconds(10);

    /// <summary>Four free, four of a limited key and two of a session in each second, through two front-ends.</summary>
    public static RunRecord Good { get; } = new(
        Length, Rate: 10, Limit: 4, [.. Enumerable.Range(0, 100).Select(Request)], new Dictionary<string, string> { ["1"] = "b1" }, [Fault(FaultKind.KillSilo, 2, 3)], EndedByThemselves: []);

    public static RunRecord With(this RunRecord run, params RequestOutcome[] more) => run with { Outcomes = [.. run.Outcomes, .. more] };

    public static RunRecord With(this RunRecord run, params HappenedFault[] more) => run with { Faults = [.. run.Faults, .. more] };

    /// <summary>A fault that is over a second after its end.</summary>
    public static HappenedFault Fault(FaultKind kind, double from, double to, Harm? harm = null) => new(
        new PlannedFault(FaultTrait.Of(kind), Seconds(from), Seconds(to - from), Choice: 0, Overlaps: false), "x", Seconds(from), Seconds(to), harm, Seconds(1), Seconds(to + 1), Missing: "");

    public static RequestOutcome Failed(double at, string authority = First, double took = 0.01) =>
        new(Seconds(at), Seconds(took), new Uri($"http://{authority}/"), 0, Backend: null, "connection reset");

    public static RequestOutcome Answer(double at, string path, string backend = "b1", int status = 200, string authority = First) =>
        new(Seconds(at), Seconds(0.01), new Uri($"http://{authority}{path}"), status, backend, Error: null);

    public static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private static RequestOutcome Request(int number) => Answer(
        number / 10.0, (number % 10) switch { < 4 => "/", < 8 => "/limited/a", _ => "/session/1" }, authority: number % 2 == 0 ? First : Second);
}
