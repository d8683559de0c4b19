using System.Globalization;
using OrleansLb.Core.Snapshots;
using OrleansLb.Reports;

namespace OrleansLb.LimitBench.Keys;

/// <summary>What a million keys of each algorithm cost at the machines that count them, and what a flood of invented ones does to them.</summary>
internal sealed class KeyBench(DirectoryInfo folder, TextWriter output)
{
    private const int Success = 0;
    private const int SomethingMissed = 1;
    private const int Keys = 1_000_000;

    private readonly Table _table = new("algorithm", "bytes a key", "new key (ns)", "known key (ns)", "keys after the flood", "bytes after the flood / before", "flood (ns a key)", "limited key");
    private readonly List<string> _misses = [];

    public async Task<int> Run()
    {
        // The first is for the compiler.
        new KeyMeasurement(PolicyOf(RateLimitAlgorithm.TokenBucket), Keys / 10).Run();
        // Of requests in flight nothing stays behind, so there is nothing to flood.
        foreach (var algorithm in Enum.GetValues<RateLimitAlgorithm>().Where(static algorithm => algorithm != RateLimitAlgorithm.Concurrency))
        {
            await output.WriteLineAsync($"{Keys} keys of {algorithm}, and as many invented ones");
            Add(algorithm, new KeyMeasurement(PolicyOf(algorithm), Keys).Run());
        }

        await output.WriteLineAsync(_table.ToMarkdown());
        folder.Create();
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "keys.md"), _table.ToMarkdown());
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "keys.csv"), _table.ToCsv());
        foreach (var miss in _misses)
            await output.WriteLineAsync($"missed: {miss}");
        return _misses.Count == 0 ? Success : SomethingMissed;
    }

    private void Add(RateLimitAlgorithm algorithm, KeyCost cost)
    {
        _table.Add(
            algorithm,
            Number(cost.BytesAKey),
            Number(cost.NewKey),
            Number(cost.KnownKey),
            cost.KeysAfterFlood,
            cost.Growth.ToString("0.00", CultureInfo.InvariantCulture),
            Number(cost.FloodKey),
            cost.WentFree ? "went free" : "stayed limited");
        if (cost.WentFree)
            _misses.Add($"{algorithm}: a limited key went free during the flood.");
        if (cost.KeysAfterFlood > cost.Capacity)
            _misses.Add($"{algorithm}: {cost.KeysAfterFlood} keys are kept, where {cost.Capacity} are allowed.");
    }

    /// <summary>No more keys than there are, as far as they spread evenly over the ranges, so that all that the flood brings is too much.</summary>
    private static RateLimitPolicyDefinition PolicyOf(RateLimitAlgorithm algorithm) => new()
    {
        Name = "keys",
        Algorithm = algorithm,
        TokenLimit = 10,
        TokensPerPeriod = 1,
        ReplenishmentPeriod = TimeSpan.FromHours(1),
        PermitLimit = 10,
        Window = TimeSpan.FromHours(1),
        QueueLimit = 9,
        Mode = RateLimitMode.Exact,
        MaxKeys = Keys * 9 / 8,
    };

    private static string Number(double number) => number.ToString("0", CultureInfo.InvariantCulture);
}
