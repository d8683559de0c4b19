using OrleansLb.LimitBench.Contestants;

namespace OrleansLb.LimitBench.Measurements;

/// <summary>What a decision costs that a lease pays for.</summary>
/// <param name="Time">Time of one.</param>
/// <param name="Bytes">Bytes that one allocates on the thread that asks.</param>
/// <param name="Share">Share of the decisions that a lease paid for; the others waited for one.</param>
internal sealed record LeasedCost(TimeSpan Time, double Bytes, double Share)
{
    private const int Decisions = 200_000;

    public static async Task<LeasedCost> Measure(ClusterLimit leased)
    {
        var (time, bytes, paid) = (0L, 0L, 0);
        for (var number = 0; number < Decisions; number++)
        {
            var (allocated, began) = (GC.GetAllocatedBytesForCurrentThread(), TimeProvider.System.GetTimestamp());
            var decision = leased.Decide(0);
            var took = TimeProvider.System.GetTimestamp() - began;
            if (decision.IsCompletedSuccessfully)
            {
                time += took;
                bytes += GC.GetAllocatedBytesForCurrentThread() - allocated;
                paid++;
            }

            if (!await decision)
                throw new InvalidOperationException($"{leased.Name} refused a request.");
        }

        return new LeasedCost(TimeProvider.System.GetElapsedTime(0, time) / Math.Max(1, paid), (double)bytes / Math.Max(1, paid), (double)paid / Decisions);
    }
}
