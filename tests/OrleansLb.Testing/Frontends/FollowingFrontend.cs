using System.Collections.Concurrent;
using OrleansLb.Contracts.Backends;
using OrleansLb.Contracts.Draining;
using OrleansLb.Contracts.Frontends;
using OrleansLb.Contracts.Health;
using OrleansLb.Testing.Clusters;

namespace OrleansLb.Testing.Frontends;

/// <summary>A front-end that registers, beats, and keeps the eligibility of one pool as the pushes say.</summary>
public sealed class FollowingFrontend : SilentFrontend, IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<(Func<EligibilityTable, bool> Condition, TaskCompletionSource<EligibilityTable> Met)> _waits = [];
    private readonly SemaphoreSlim _pushed = new(0);
    private readonly IGrainFactory _grains;
    private readonly string _poolId;
    private readonly TaskCompletionSource _cutOff = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private EligibilityTable? _table;
    private readonly SemaphoreSlim _asked = new(0);
    private Task _beating = Task.CompletedTask;

    private FollowingFrontend(IGrainFactory grains, string poolId) => (_grains, _poolId) = (grains, poolId);

    /// <summary>What it answers when it is asked for the last answer of a backend.</summary>
    public TimeSpan? AnswerAge { get; set; }

    /// <summary>What it remembers of the pool; what it was told unless a test says otherwise.</summary>
    public EligibilityTable? Remembered { get; set; }

    /// <summary>Until it completes, nobody learns what it remembers.</summary>
    public Task Remembering { get; set; } = Task.CompletedTask;

    /// <summary>Every push, in order.</summary>
    public ConcurrentQueue<EligibilityChange> Pushes { get; } = new();

    /// <summary>What it has in flight, by backend, as a test says.</summary>
    public ConcurrentDictionary<ulong, (int Requests, int Connections)> InFlight { get; } = new();

    /// <summary>Whether it answers when it is asked what it has in flight.</summary>
    public bool AnswersDrains { get; set; } = true;

    /// <summary>Completes when it is told to cut off what it has in flight.</summary>
    public Task CutOff => _cutOff.Task;

    /// <summary>Every state that a backend was seen in, in order.</summary>
    public List<(ulong Key, WireBackendState State)> Seen { get; } = [];

    /// <summary>Starts one.</summary>
    /// <param name="grains">The way to the grains.</param>
    /// <param name="id">Front-end id.</param>
    /// <param name="poolId">Pool that it follows.</param>
    /// <param name="remembered">What it remembers of the pool.</param>
    public static async Task<FollowingFrontend> Start(IGrainFactory grains, string id, string poolId, EligibilityTable? remembered = null)
    {
        var frontend = new FollowingFrontend(grains, poolId) { Remembered = remembered };
        var grain = grains.GetGrain<IFrontendGrain>(id);
        var registration = new FrontendRegistration(id, 1, grains.CreateObjectReference<IFrontendObserver>(frontend));
        await Answers.Of(() => grain.Register(registration));
        frontend._beating = frontend.Beat(grain, registration);
        return frontend;
    }

    /// <summary>Completes with the first table that meets a condition; fails after half a minute with what it is instead.</summary>
    /// <param name="condition">The condition.</param>
    public async Task<EligibilityTable> Reaches(Func<EligibilityTable, bool> condition)
    {
        var met = new TaskCompletionSource<EligibilityTable>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
            _waits.Add((condition, met));
        await FetchUnlessASiloIsGone();
        try
        {
            return await met.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"The pool did not become what it should. It is {string.Join(", ", _table?.Rows ?? [])}.");
        }
    }

    /// <summary>Completes with the push that leads to a version; fails after half a minute.</summary>
    /// <param name="version">The version.</param>
    public async Task IsPushed(long version)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!Pushes.Any(push => push.ToVersion >= version))
            await _pushed.WaitAsync(deadline.Token);
    }

    /// <summary>Completes when it has been asked what it has in flight so many times from now on; fails after half a minute.</summary>
    /// <param name="times">How many times.</param>
    public async Task AskedForDrains(int times)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (_asked.Wait(0))
        {
            // What was asked before does not count.
        }

        for (var time = 0; time < times; time++)
            await _asked.WaitAsync(deadline.Token);
    }

    public override async Task PoolChanged(EligibilityChange change)
    {
        Pushes.Enqueue(change);
        _pushed.Release();
        await Fetch();
    }

    public override Task<TimeSpan?> LastAnswer(AnswerQuery query) => Task.FromResult(AnswerAge);

    public override async Task<EligibilityTable?> LastEligibility(string poolId)
    {
        await Remembering;
        return Remembered ?? _table;
    }

    public override Task<DrainReport[]> ReportDrains(DrainQuery query)
    {
        _asked.Release();
        return AnswersDrains ? Task.FromResult(query.Backends.Select(Report).ToArray()) : throw new TimeoutException("This front-end does not answer.");
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _beating.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        _pushed.Dispose();
        _asked.Dispose();
    }

    private DrainReport Report(DrainQuestion question)
    {
        if (question.CutOff && InFlight.TryRemove(question.BackendKey, out _))
            _cutOff.TrySetResult();
        var load = InFlight.GetValueOrDefault(question.BackendKey);
        var row = _table?.Rows.SingleOrDefault(row => row.BackendKey == question.BackendKey);
        return new DrainReport(question.BackendKey, load.Requests, load.Connections, 0, row is { TakesNew: false, TakesPinned: false });
    }

    private async Task Fetch()
    {
        if (await _grains.GetGrain<IPoolGrain>(_poolId).GetEligibility(0, 0) is not { } table)
            return;
        lock (_gate)
        {
            if (_table?.Epoch == table.Epoch && _table.Version >= table.Version && _waits.Count == 0)
                return;
            _table = table;
            Seen.AddRange(table.Rows.Select(static row => (row.BackendKey, row.State)));
            _waits.RemoveAll(wait => wait.Condition(table) && wait.Met.TrySetResult(table));
        }
    }

    /// <summary>What cannot be had now the next beat asks for.</summary>
    private async Task FetchUnlessASiloIsGone()
    {
        try
        {
            await Fetch();
        }
        catch (Exception exception) when (exception is OrleansException or TimeoutException)
        {
            return;
        }
    }

    // As a real one does: a failed call is tried again, a grain that moved is told anew, and a lost push is repaired by asking.
    private async Task Beat(IFrontendGrain grain, FrontendRegistration registration)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(250));
        do
        {
            try
            {
                if (!(await grain.Heartbeat(new FrontendHeartbeat(1, 0, Draining: false))).Known)
                    await grain.Register(registration);
                await Fetch();
            }
            catch (Exception exception) when (exception is OrleansException or TimeoutException)
            {
                // The silo that was asked is gone; the next beat asks another.
                continue;
            }
        }
        while (await timer.WaitForNextTickAsync(_stop.Token));
    }
}
