using System.Collections.Concurrent;

namespace OrleansLb.Frontend.Tests.RateLimiting;

/// <summary>When each admitted request was sent and when its answer had come: it was admitted somewhere in between.</summary>
internal sealed class AdmissionLog
{
    private readonly ConcurrentQueue<(double Sent, double Answered)> _admissions = new();

    public int Count => _admissions.Count;

    public double First => _admissions.Min(admission => admission.Answered);

    public double Last => _admissions.Max(admission => admission.Answered);

    public void Add(TimeSpan sent, TimeSpan answered) => _admissions.Enqueue((sent.TotalSeconds, answered.TotalSeconds));

    public int After(double seconds) => _admissions.Count(admission => admission.Sent > seconds);

    /// <summary>
    /// By how many requests the worst of all intervals certainly exceeds burst + rate x. Only requests both sent and answered inside
    /// an interval were certainly admitted in it, so a slow machine can hide an excess but never invent one.
    /// </summary>
    public double Excess(double burst, double rate)
    {
        var worst = double.MinValue;
        foreach (var (start, _) in _admissions)
        {
            var ends = _admissions.Where(admission => admission.Sent >= start).Select(admission => admission.Answered).Order().ToArray();
            for (var index = 0; index < ends.Length; index++)
                worst = Math.Max(worst, index + 1 - burst - (rate * (ends[index] - start)));
        }

        return worst;
    }
}
