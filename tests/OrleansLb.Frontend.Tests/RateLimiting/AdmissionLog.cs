using System.Collections.Concurrent;

namespace OrleansLb.Frontend.Tests.RateLimiting;

/// <summary>When each admitted request was sent and when its answer had come: it was admitted somewhere in between.</summary>
internal sealed class AdmissionLog
{
    private readonly ConcurrentQueue<(double Sent, double Answered)> _admissions = new();

    private readonly ConcurrentQueue<double> _asked = new();

    public int Count => _admissions.Count;

    public double First => _admissions.Min(admission => admission.Answered);

    public double Last => _admissions.Max(admission => admission.Answered);

    public void Add(TimeSpan sent, TimeSpan answered) => _admissions.Enqueue((sent.TotalSeconds, answered.TotalSeconds));

    /// <summary>Notes a request, whatever becomes of it.</summary>
    public void Asked(TimeSpan sent) => _asked.Enqueue(sent.TotalSeconds);

    /// <summary>For how many seconds nobody asked, beyond what a bucket keeps of such a pause: what it then loses, no limiter could have given.</summary>
    /// <param name="kept">Seconds that a bucket takes to fill.</param>
    public double Unasked(double kept)
    {
        var asked = _asked.Order().ToArray();
        return asked.Zip(asked.Skip(1), (one, next) => Math.Max(0, next - one - kept)).Sum();
    }

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
