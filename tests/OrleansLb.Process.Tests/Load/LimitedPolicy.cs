using System.Text.Json.Nodes;

namespace OrleansLb.Process.Tests.Load;

/// <summary>One limit of a key, and what may be admitted by it.</summary>
/// <param name="Algorithm">Its algorithm.</param>
/// <param name="Mode">Its mode.</param>
/// <param name="Limit">Permits a <paramref name="Window"/>; of a token bucket also what it holds.</param>
/// <param name="Window">Its window, or the time in which a bucket fills.</param>
internal sealed record LimitedPolicy(string Algorithm, string Mode, int Limit, TimeSpan Window)
{
    // Clocks may run apart by a thousandth.
    private const double Tolerance = 1 + 2e-3;

    public string Name => Algorithm + Mode;

    public double Rate => Limit / Window.TotalSeconds;

    /// <summary>What a client at ten times the limit should get in a time at the start of which all was used up.</summary>
    public double Allowed(TimeSpan time) => Rate * time.TotalSeconds;

    /// <summary>By how many the worst of all intervals exceeds what the algorithm allows.</summary>
    public double Excess(IReadOnlyCollection<RequestOutcome> admitted) => Algorithm switch
    {
        "TokenBucket" => Envelope.WorstExcess(admitted, Limit, Rate * Tolerance),
        "LeakyBucket" => Envelope.WorstExcess(admitted, 1, Rate * Tolerance),
        "SlidingWindowLog" => Envelope.MostIn(admitted, Window / Tolerance) - Limit,
        // An interval of length W may lie across two windows.
        _ => Envelope.MostIn(admitted, Window / Tolerance) - (2 * Limit),
    };

    public JsonObject ToJson()
    {
        var policy = new JsonObject { [nameof(Algorithm)] = Algorithm, [nameof(Mode)] = Mode, ["Partition"] = "Header", ["PartitionHeader"] = LimitedPolicies.Header };
        var isBucket = Algorithm == "TokenBucket";
        policy[isBucket ? "TokensPerPeriod" : "PermitLimit"] = Limit;
        policy[isBucket ? "ReplenishmentPeriod" : "Window"] = Window.ToString("c");
        if (isBucket)
            policy["TokenLimit"] = Limit;
        if (Algorithm == "LeakyBucket")
            policy["QueueLimit"] = Limit;
        return policy;
    }
}
