using OrleansLb.Core.Balancing;
using OrleansLb.Core.Balancing.Exchange;
using OrleansLb.Core.Balancing.Orca;
using OrleansLb.Core.Concurrency;
using OrleansLb.Core.Health.Circuits;
using OrleansLb.Core.Snapshots;
using OrleansLb.Frontend.Circuits;

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

    private static readonly TimeSpan TrialPace = TimeSpan.FromMilliseconds(100);

    private readonly OutcomeTally _outcomes = new();
    private readonly ResponseTimeCell _responseTime = new();
    private readonly UsualLoadCell _usualLoad = new();
    private readonly LoadReportCell _report = new();
    private int _requests;
    private int _connections;
    private long _begun;
    private long _completions;
    private long _serviceTicks;
    private int _failures;
    private int _failuresSeen;
    private double _fadingFailures;
    private int _low = int.MinValue;
    private int _high = int.MaxValue;
    private Action? _moved;
    private LoadCell? _cell;
    private long _lastAnswer = long.MinValue;
    private long _askedForTrialAt = long.MinValue;
    private CircuitTicket? _trial;

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
        Interlocked.Read(ref _begun),
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
        var requests = Interlocked.Increment(ref _requests);
        var shown = Show();
        Interlocked.Increment(ref _begun);
        ShowUnless(shown);
        if (requests >= Volatile.Read(ref _high))
            Moved();
    }

    /// <summary>Releases a request at its end.</summary>
    /// <param name="took">Time since its pick.</param>
    /// <param name="failed">Whether the backend failed it.</param>
    public void End(TimeSpan took, bool failed)
    {
        var isPlain = took < LongestPlain;
        if (isPlain)
            Interlocked.Increment(ref _completions);
        if (failed)
            Interlocked.Increment(ref _failures);
        var requests = Interlocked.Decrement(ref _requests);
        var shown = Show();
        Interlocked.Add(ref _serviceTicks, isPlain ? took.Ticks : 0);
        ShowUnless(shown);
        if (requests <= Volatile.Read(ref _low))
            Moved();
    }

    /// <summary>Turns a counted request into a counted connection, when it was upgraded.</summary>
    public void Upgrade()
    {
        Interlocked.Increment(ref _connections);
        Interlocked.Decrement(ref _requests);
        ShowLatest();
    }

    /// <summary>Releases an upgraded connection.</summary>
    public void EndUpgraded()
    {
        Interlocked.Decrement(ref _connections);
        ShowLatest();
    }

    /// <summary>Has the load written to another board, for <see cref="LoadBoard"/>.</summary>
    /// <param name="cell">Where to.</param>
    internal void WriteTo(LoadCell cell)
    {
        Volatile.Write(ref _cell, cell);
        // Whoever changes the load after this sees the cell, and who changed it before is in what is shown now.
        Interlocked.MemoryBarrier();
        ShowLatest();
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
        if (failures == _failuresSeen && _fadingFailures == 0)
            return;
        var faded = (_fadingFailures * Math.Exp(-passed / serviceTime)) + (failures - _failuresSeen);
        Volatile.Write(ref _failuresSeen, failures);
        Volatile.Write(ref _fadingFailures, faded < 0.01 ? 0 : faded);
        ShowLatest();
    }

    /// <summary>Writes the load as it is to the board.</summary>
    private double Show()
    {
        var load = PickLoad;
        Volatile.Read(ref _cell)?.Write(load);
        return load;
    }

    /// <summary>
    /// Of two threads that change the load at once, the one with the older value may be the last to write. So everybody looks again after writing, with a full fence
    /// between the two, and writes once more when it has changed: whoever is the last to write has seen that it wrote the newest. Where something else is
    /// counted anyway that is the fence, so the board costs no locked step of its own.
    /// </summary>
    private void ShowUnless(double shown)
    {
        if (shown != PickLoad)
            ShowLatest();
    }

    private void ShowLatest()
    {
        double shown;
        do
        {
            shown = Show();
            Interlocked.MemoryBarrier();
        }
        while (shown != PickLoad);
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
        Trial?.End(status >= 500 ? TrialOutcome.Failed : TrialOutcome.Succeeded);
    }

    /// <summary>
    /// Records that a request was taken back before an answer, because another backend was quicker. How long the answer would have taken nobody knows, but that it would have been longer: without
    /// this the slowest backends would be those whose times are never seen.
    /// </summary>
    /// <param name="now">Monotonic time.</param>
    /// <param name="took">Time since the request was sent on its way there.</param>
    public void Outpaced(TimeSpan now, TimeSpan took)
    {
        if (took.TotalSeconds > _responseTime.Read(now))
            _responseTime.Observe(took, now);
    }

    /// <summary>The trial of the backend's half-open circuit, while one is under way here.</summary>
    internal CircuitTicket? Trial
    {
        get => Volatile.Read(ref _trial);
        set => Volatile.Write(ref _trial, value);
    }

    /// <summary>Whether a request may ask for a trial now; if so, none may for a tenth of a second.</summary>
    /// <param name="now">Monotonic time.</param>
    internal bool MayAskForTrial(TimeSpan now)
    {
        var asked = Volatile.Read(ref _askedForTrialAt);
        return Trial is null
            && (asked == long.MinValue || now.Ticks - asked >= TrialPace.Ticks)
            && Interlocked.CompareExchange(ref _askedForTrialAt, now.Ticks, asked) == asked;
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
    public void Failed()
    {
        _outcomes.Failed();
        Trial?.End(TrialOutcome.Failed);
    }
}
