using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansLb.Contracts;
using OrleansLb.Contracts.Frontends;
using OrleansLb.Core;

namespace OrleansLb.Grains.Frontends;

/// <summary>
/// Keeps a silo's copy of the directory of front-ends, so that a thousand grains do not each ask for it, and so that the next directory has something to go on from.
/// </summary>
internal sealed partial class FrontendDirectoryFollower(
    IGrainFactory grains,
    ILocalSiloDetails silo,
    [FromKeyedServices(Clocks.Key)] TimeProvider clock,
    ILogger<FrontendDirectoryFollower> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    /// <summary>While somebody waits until every silo has a copy: the next question tells that this one has.</summary>
    private static readonly TimeSpan HurriedPeriod = TimeSpan.FromMilliseconds(25);

    /// <summary>A copy of the directory this young is as good as asking, for a thousand ranges that start at once.</summary>
    private static readonly TimeSpan YoungEnough = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private FollowedFrontends? _current;
    private FollowedFrontends? _settled;

    // The last copy of the directory before this one, which may never have been complete; until this one is.
    private FollowedFrontends? _former;

    /// <summary>The newest copy; null before the first.</summary>
    public FollowedFrontends? Current => Volatile.Read(ref _current);

    /// <summary>
    /// The front-ends that live as far as this silo knows, without asking; not those that only use limits. A directory that lost its silo is not complete at
    /// first; those that were in the ones before it count until then.
    /// </summary>
    public ImmutableArray<FrontendEntry> LiveCarriers => Current switch
    {
        null => [],
        { List: { Settled: true } list } => [.. list.Carriers],
        var current => [.. new[] { current, Volatile.Read(ref _former), Volatile.Read(ref _settled) }.SelectMany(static copy => copy?.List.Carriers ?? []).DistinctBy(static entry => entry.FrontendId)],
    };

    /// <summary>Whether this silo has ever had a list that is complete.</summary>
    public bool WasSettled => Volatile.Read(ref _settled) is not null;

    /// <summary>
    /// Into how many parts limits are divided without the cluster: every live front-end and every one that may be alive has one;
    /// 0 before the directory has settled.
    /// </summary>
    public int ShareParts => Current is { List.Settled: true } current
        ? Math.Max(1, current.List.Entries.Length + current.List.Departures.Count(static departure => departure.MayBeAlive))
        : 0;

    /// <summary>
    /// Whether an incarnation of a front-end is registered and every silo knows it, as far as this silo knows. A directory that lost its silo is not complete at first, so
    /// the one before it counts until then.
    /// </summary>
    public bool Knows(string frontendId, long incarnation) =>
        Contains(Volatile.Read(ref _current), frontendId, incarnation)
        || Contains(Volatile.Read(ref _former), frontendId, incarnation)
        || Contains(Volatile.Read(ref _settled), frontendId, incarnation);

    /// <summary>The list as it is now, or was a moment ago.</summary>
    /// <exception cref="OrleansException">The directory cannot be reached.</exception>
    /// <exception cref="TimeoutException">The directory does not answer.</exception>
    public async Task<FollowedFrontends> Recent() =>
        Current is { } current && clock.GetElapsedTime(current.AskedAt) < YoungEnough ? current : await Refresh();

    /// <summary>
    /// Whether an incarnation of a front-end is registered, by asking where this silo does not know it. What another one uses nobody would ask it for when a
    /// grain that serves it is gone.
    /// </summary>
    /// <param name="frontendId">The front-end.</param>
    /// <param name="incarnation">Its incarnation.</param>
    public async ValueTask<bool> IsRegistered(string frontendId, long incarnation)
    {
        if (Knows(frontendId, incarnation))
            return true;
        try
        {
            await Refresh();
        }
        catch (Exception exception) when (GrainCall.IsFailure(exception))
        {
            LogNotFollowed(logger, exception.Message);
        }

        return Knows(frontendId, incarnation);
    }

    /// <summary>Asks for the list now.</summary>
    /// <exception cref="OrleansException">The directory cannot be reached.</exception>
    /// <exception cref="TimeoutException">The directory does not answer.</exception>
    public async Task<FollowedFrontends> Refresh()
    {
        var askedAt = clock.GetTimestamp();
        var kept = Current?.List.Version ?? default;
        var list = await grains.GetGrain<IFrontendDirectoryGrain>(IFrontendDirectoryGrain.Key).Follow(silo.SiloAddress, kept);
        return Keep(new FollowedFrontends(list, askedAt));
    }

    // Answers may overtake each other, and what the directory was told to be here must stay.
    private FollowedFrontends Keep(FollowedFrontends followed)
    {
        lock (_lock)
        {
            if (_current is { } kept && followed.IsOlderThan(kept))
                return kept;
            if (_current is { } before && before.List.Version.Directory != followed.List.Version.Directory)
                Volatile.Write(ref _former, before);
            Volatile.Write(ref _current, followed);
            if (followed.List.Settled)
            {
                Volatile.Write(ref _settled, followed);
                Volatile.Write(ref _former, null);
            }

            return followed;
        }
    }

    private static bool Contains(FollowedFrontends? followed, string frontendId, long incarnation) =>
        followed is not null && followed.Incarnations.TryGetValue(frontendId, out var known) && known == incarnation;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Refresh();
            }
            catch (Exception exception) when (GrainCall.IsFailure(exception))
            {
                LogNotFollowed(logger, exception.Message);
            }

            await Task.Delay(Current is { List.IsKnownEverywhere: false } ? HurriedPeriod : Period, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
