using OrleansLb.Core.Balancing;
using OrleansLb.Core.Balancing.Exchange;
using OrleansLb.Core.Balancing.Orca;
using OrleansLb.Core.Concurrency;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Frontend.Pools;

/// <summary>
/// What this front-end itself knows of one backend generation: its own requests and connections in flight. A slot outlives
/// configuration versions as long as the backend's key stays the same, so that a request counted under one version is released
/// under the next.
/// </summary>
public sealed class BackendSlot(BackendDefinition definition)
{
    /// <summary>What lasts longer is a stream, and says nothing of how long other requests last.</summary>
    public static readonly TimeSpan LongestPlain = TimeSpan.FromSeconds(10);

    private readonly OutcomeTally _outcomes = new();
    private readonly ResponseTimeCell _responseTime = new();
    private readonly UsualLoadCell _usualLoad = new();
    private readonly LoadReportCell _report = new();
    private int _requests;
    private int _connections;
    private long _ended;
    private long _completions;
    private long _serviceTicks;
    private int _failures;
    private int _failuresSeen;
    private double _fadingFailures;
    private int _low = int.MinValue;
    private int _high = int.MaxValue;
    private Action? _moved;
    private long _lastAnswer = long.MinValue;

    /// <summary>The backend as configured in the version in force.</summary>
    public BackendDefinition Definition { get; internal set; } = definition;

    /// <summary>How many requests this front-end may have there at once; heeded in pools with a limit of concurrency, or with agents that may say one.</summary>
    public SlotGate Gate { get; } = new();

    /// <summary>Plain requests of this front-end in flight.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Upgraded and streaming connections of this front-end.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>What is in flight there, one by one, so that it can be cut off.</summary>
    public InFlightExchanges Exchanges { get; } = new();

    /// <summary>What has been sent there since the slot exists.</summary>
    public TrafficCounters Traffic => new(
        Interlocked.Read(ref _ended) + Requests + Connections,
        Interlocked.Read(ref _completions),
        new TimeSpan(Interlocked.Read(ref _serviceTicks)));

    /// <summary>
    /// What the next pick should take this front-end's load there to be: what is in flight, and a request that failed for as
    /// long as one lasts on average. A backend that fails at once would look idle otherwise, and draw all requests.
    /// </summary>
    public double PickLoad => Requests + Connections + Volatile.Read(ref _fadingFailures) + (Volatile.Read(ref _failures) - Volatile.Read(ref _failuresSeen));

    /// <summary>Counts a request at its pick.</summary>
    public void Begin()
    {
        if (Interlocked.Increment(ref _requests) >= Volatile.Read(ref _high))
            Moved();
    }

    /// <summary>Releases a request at its end.</summary>
    /// <param name="took">Time since its pick.</param>
    /// <param name="failed">Whether the backend failed it.</param>
    public void End(TimeSpan took, bool failed)
    {
        if (took < LongestPlain)
        {
            Interlocked.Increment(ref _completions);
            Interlocked.Add(ref _serviceTicks, took.Ticks);
        }

        if (failed)
            Interlocked.Increment(ref _failures);
        Interlocked.Increment(ref _ended);
        if (Interlocked.Decrement(ref _requests) <= Volatile.Read(ref _low))
            Moved();
    }

    /// <summary>Turns a counted request into a counted connection, when it was upgraded.</summary>
    public void Upgrade()
    {
        Interlocked.Increment(ref _connections);
        Interlocked.Decrement(ref _requests);
    }

    /// <summary>Releases an upgraded connection.</summary>
    public void EndUpgraded()
    {
        Interlocked.Increment(ref _ended);
        Interlocked.Decrement(ref _connections);
    }

    /// <summary>Calls back, once, when the requests in flight reach a bound.</summary>
    /// <param name="low">At this many or fewer.</param>
    /// <param name="high">At this many or more.</param>
    /// <param name="moved">What to call; must not block.</param>
    internal void Watch(int low, int high, Action moved)
    {
        _moved = moved;
        Volatile.Write(ref _low, low);
        Volatile.Write(ref _high, high);
        // Whoever moved the count before the bounds were set did not see them.
        if (Requests is var now && (now <= low || now >= high))
            Moved();
    }

    /// <summary>Ends a watch.</summary>
    internal void Unwatch()
    {
        Volatile.Write(ref _low, int.MinValue);
        Volatile.Write(ref _high, int.MaxValue);
    }

    /// <summary>Lets counted failures fade; one caller at a time.</summary>
    /// <param name="passed">Time since the last call.</param>
    /// <param name="serviceTime">How long a request lasts on average.</param>
    internal void FadeFailures(TimeSpan passed, TimeSpan serviceTime)
    {
        var failures = Volatile.Read(ref _failures);
        var faded = (_fadingFailures * Math.Exp(-passed / serviceTime)) + (failures - _failuresSeen);
        Volatile.Write(ref _failuresSeen, failures);
        Volatile.Write(ref _fadingFailures, faded < 0.01 ? 0 : faded);
    }

    private void Moved()
    {
        Unwatch();
        _moved?.Invoke();
    }

    /// <summary>When the backend last answered this front-end, on the product's monotonic clock; <see langword="null"/> for never.</summary>
    public TimeSpan? LastAnswer => Volatile.Read(ref _lastAnswer) is var ticks and not long.MinValue ? new TimeSpan(ticks) : null;

    /// <summary>The time to the head of an answer as this front-end sees it, peaks at once and coming down from them slowly.</summary>
    /// <param name="now">Monotonic time.</param>
    /// <returns>Seconds; 0 when it never answered.</returns>
    public double ResponseTime(TimeSpan now) => _responseTime.Read(now);

    /// <summary>Takes in what the backend has in flight. Lives as long as the slot: plans and lists come and go while a mean is being made.</summary>
    /// <param name="load">What it would have with the request to place, of all front-ends.</param>
    /// <param name="now">Monotonic time.</param>
    /// <returns>What it usually has: see <see cref="UsualLoad"/>.</returns>
    public double ObserveLoad(double load, TimeSpan now) => _usualLoad.Observe(load, now);

    /// <summary>What came of the requests that were sent there since the slot exists.</summary>
    public OutcomeEntry Outcomes => _outcomes.Read(Definition.Key);

    /// <summary>
    /// Records the head of an answer, whatever its status: the backend can be reached and speaks. The one place where the time of an
    /// answer is known.
    /// </summary>
    /// <param name="now">Monotonic time.</param>
    /// <param name="took">Time since the request was sent on its way there.</param>
    /// <param name="status">HTTP status of the answer.</param>
    public void Answered(TimeSpan now, TimeSpan took, int status)
    {
        Volatile.Write(ref _lastAnswer, now.Ticks);
        _responseTime.Observe(took, now);
        if (status is 502 or 503 or 504)
            _outcomes.Failed();
        else if (status >= 500)
            _outcomes.Erred();
        else
            _outcomes.Succeeded(took);
    }

    /// <summary>What the backend reports of its own load in its answers to this front-end.</summary>
    public ResourceLoad ReportedLoad => _report.Load;

    /// <summary>Records a report of the backend about its own load.</summary>
    /// <param name="report">The report.</param>
    /// <param name="now">Monotonic time.</param>
    /// <param name="rules">How the pool takes reports.</param>
    /// <returns>Whether it says anything: requests a second, and how much of the backend they use.</returns>
    public bool Reported(in OrcaReport report, TimeSpan now, ResourceLoadRules rules) => _report.Observe(report, now, rules);

    /// <summary>Records that the backend failed a request: not connected, reset, no answer in time, an answer that broke off.</summary>
    public void Failed() => _outcomes.Failed();
}
