using OrleansLb.Core.Balancing.Exchange;

namespace OrleansLb.Core.Tests.Concurrency.Adaptive;

/// <summary>A backend that does so many requests at once; what comes beyond waits within it, and makes each answer take longer and none come sooner.</summary>
/// <param name="workers">Requests that it does at once.</param>
/// <param name="serviceTime">How long one takes it.</param>
internal sealed class SimulatedBackend(int workers, TimeSpan serviceTime)
{
    private double _owed;

    public int Workers { get; set; } = workers;

    public TimeSpan ServiceTime { get; set; } = serviceTime;

    public OutcomeCounters Counters { get; private set; }

    public int InFlight { get; private set; }

    /// <summary>Time to the head of an answer as it is now.</summary>
    public TimeSpan Answers => ServiceTime * Math.Max(1, (double)InFlight / Workers);

    /// <summary>Has as many requests under way for a while as are wanted and may be.</summary>
    public void Serve(int demand, int limit, TimeSpan time)
    {
        InFlight = Math.Min(demand, limit);
        _owed += InFlight == 0 ? 0 : InFlight * (time / Answers);
        var answered = (int)_owed;
        _owed -= answered;
        Counters += new OutcomeCounters(answered, 0, 0, Answers * answered);
    }
}
