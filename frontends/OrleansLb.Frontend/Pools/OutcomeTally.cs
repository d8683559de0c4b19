using OrleansLb.Core;
using OrleansLb.Core.Balancing.Exchange;

namespace OrleansLb.Frontend.Pools;

/// <summary>Counts what came of the requests to one backend. Any number of writers and readers, without a lock.</summary>
internal sealed class OutcomeTally
{
    // The run and the outcomes that end runs are one word: whoever reads it sees a run that belongs to its end. A run of a million
    // failures carries over and looks like a success: it was dealt with long before. The rest holds 8,000,000,000,000 answers.
    private const int RunBits = 20;
    private const long RunMask = (1L << RunBits) - 1;

    private long _reachedAndRun;
    private long _gatewayFailures;
    private long _otherErrors;
    private long _headTicks;

    /// <summary>An answer that is no server error.</summary>
    /// <param name="took">Time to its head.</param>
    public void Succeeded(TimeSpan took)
    {
        EndRun();
        Interlocked.Add(ref _headTicks, took.Ticks);
    }

    /// <summary>A server error that is no gateway failure.</summary>
    public void Erred()
    {
        EndRun();
        Interlocked.Increment(ref _otherErrors);
    }

    /// <summary>A gateway failure.</summary>
    public void Failed()
    {
        Interlocked.Increment(ref _reachedAndRun);
        Interlocked.Increment(ref _gatewayFailures);
    }

    /// <summary>The counts; those that are parts of others are read first, so that no part seems larger than its whole.</summary>
    public OutcomeEntry Read(BackendKey key)
    {
        var headTime = new TimeSpan(Interlocked.Read(ref _headTicks));
        var otherErrors = Interlocked.Read(ref _otherErrors);
        var word = Interlocked.Read(ref _reachedAndRun);
        var failures = Interlocked.Read(ref _gatewayFailures);
        var counters = new OutcomeCounters((word >> RunBits) + failures, failures, otherErrors + failures, headTime);
        return new OutcomeEntry(key, counters, (int)(word & RunMask));
    }

    private void EndRun()
    {
        var seen = Volatile.Read(ref _reachedAndRun);
        while (true)
        {
            var ended = ((seen >> RunBits) + 1) << RunBits;
            var found = Interlocked.CompareExchange(ref _reachedAndRun, ended, seen);
            if (found == seen)
                return;
            seen = found;
        }
    }
}
