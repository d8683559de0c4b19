using OrleansLb.Contracts.Frontends;
using OrleansLb.Testing.Clusters;

namespace OrleansLb.Testing.Frontends;

/// <summary>A front-end that does nothing but register and say that it lives, as often as a real one.</summary>
public sealed class BeatingFrontend : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly IFrontendGrain _grain;
    private readonly long _incarnation;
    private readonly Task _beating;

    private BeatingFrontend(IFrontendGrain grain, FrontendRegistration registration, IFrontendObserver observer, long configurationVersion)
    {
        _grain = grain;
        Observer = observer;
        _incarnation = registration.Incarnation;
        _beating = Beat(registration, configurationVersion);
    }

    /// <summary>Where the silos' pushes go. It is held here: the reference that silos have does not keep it, and calls to one that was collected are lost.</summary>
    public IFrontendObserver Observer { get; }

    /// <summary>What it says of its requests from the next beat on; asked at each.</summary>
    public Func<ServedTraffic?> Traffic { get; set; } = static () => null;

    /// <summary>Registers a front-end and keeps it alive.</summary>
    /// <param name="grains">The way to the grains.</param>
    /// <param name="id">Its id.</param>
    /// <param name="observer">Where the silos' pushes go.</param>
    /// <param name="incarnation">Its incarnation.</param>
    /// <param name="configurationVersion">Version of the configuration it says it serves.</param>
    /// <param name="limitsOnly">Whether it is an application that only uses limits.</param>
    public static async Task<BeatingFrontend> Start(
        IGrainFactory grains,
        string id,
        IFrontendObserver observer,
        long incarnation = 1,
        long configurationVersion = 0,
        bool limitsOnly = false)
    {
        var grain = grains.GetGrain<IFrontendGrain>(id);
        var registration = new FrontendRegistration(id, incarnation, grains.CreateObjectReference<IFrontendObserver>(observer)) { LimitsOnly = limitsOnly };
        await Answers.Of(() => grain.Register(registration));
        return new BeatingFrontend(grain, registration, observer, configurationVersion);
    }

    /// <summary>Says goodbye.</summary>
    public async Task Leave()
    {
        await DisposeAsync();
        await _grain.Leave(_incarnation);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
            return;
        await _stop.CancelAsync();
        await _beating.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task Beat(FrontendRegistration registration, long configurationVersion)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(250));
        do
        {
            try
            {
                if (!(await _grain.Heartbeat(new FrontendHeartbeat(_incarnation, configurationVersion, Draining: false) { Traffic = Traffic() })).Known)
                    await _grain.Register(registration);
            }
            catch (Exception exception) when (exception is OrleansException or TimeoutException)
            {
                // Its silo was killed; the next beat finds the grain elsewhere.
                continue;
            }
        }
        while (await timer.WaitForNextTickAsync(_stop.Token));
    }
}
