using System.Collections.Immutable;
using OrleansLb.Contracts.Frontends;

namespace OrleansLb.Grains.Frontends;

/// <summary>Who departed from the directory within the last three days.</summary>
internal sealed class FrontendDepartures(TimeProvider clock)
{
    private const int Capacity = 1000;

    /// <summary>
    /// As long as a front-end serves its share of a limit alone (a day) and its admissions then count in the longest window twice or in the slowest bucket (two days more), by far more
    /// than clocks differ.
    /// </summary>
    private static readonly TimeSpan Memory = TimeSpan.FromHours(73);

    private readonly List<(FrontendDeparture Departure, long At)> _departures = [];

    /// <summary>Notes that an incarnation departed; its age was <paramref name="sinceHeard"/> when it was noticed.</summary>
    public void Add(FrontendEntry entry, TimeSpan sinceHeard, bool mayBeAlive) => Add(new FrontendDeparture
    {
        FrontendId = entry.FrontendId,
        Incarnation = entry.Incarnation,
        Ago = TimeSpan.Zero,
        MayBeAlive = mayBeAlive,
        SinceProven = entry.SinceProven + sinceHeard,
        ShareParts = entry.ShareParts,
    });

    /// <summary>Notes that a front-end is gone of which nothing is known.</summary>
    public void AddGone(string frontendId)
    {
        if (!_departures.Exists(known => known.Departure.FrontendId == frontendId))
            Add(new FrontendDeparture { FrontendId = frontendId, Incarnation = 0, Ago = TimeSpan.Zero, MayBeAlive = false, SinceProven = TimeSpan.Zero, ShareParts = 0 });
    }

    /// <summary>
    /// Notes that an incarnation is there: the same one never was away; of an earlier one it is now certain that it is dead.
    /// </summary>
    public void Returned(string frontendId, long incarnation)
    {
        _departures.RemoveAll(known => known.Departure.FrontendId == frontendId && known.Departure.Incarnation == incarnation);
        Forget(frontendId);
    }

    /// <summary>Notes that no incarnation of a front-end is alive any more; until a moment ago one may have been, and served.</summary>
    /// <returns>Whether one might have been.</returns>
    public bool Forget(string frontendId)
    {
        var mightHaveBeen = false;
        for (var index = 0; index < _departures.Count; index++)
        {
            var (departure, _) = _departures[index];
            if (departure.FrontendId != frontendId || !departure.MayBeAlive)
                continue;
            _departures[index] = (departure with { MayBeAlive = false, Ago = TimeSpan.Zero }, clock.GetTimestamp());
            mightHaveBeen = true;
        }

        return mightHaveBeen;
    }

    /// <summary>Takes over what another one knew.</summary>
    /// <param name="departures">What it knew.</param>
    /// <param name="age">How long ago.</param>
    public void Inherit(ImmutableArray<FrontendDeparture> departures, TimeSpan age)
    {
        foreach (var departure in departures)
            Add(Aged(departure, age));
    }

    public ImmutableArray<FrontendDeparture> List()
    {
        _departures.RemoveAll(known => known.Departure.Ago + clock.GetElapsedTime(known.At) > Memory);
        return [.. _departures.Select(known => Aged(known.Departure, clock.GetElapsedTime(known.At)))];
    }

    private void Add(FrontendDeparture departure)
    {
        if (_departures.Count == Capacity)
            _departures.RemoveAt(0);
        _departures.Add((departure, clock.GetTimestamp()));
    }

    private static FrontendDeparture Aged(FrontendDeparture departure, TimeSpan age) =>
        departure with { Ago = departure.Ago + age, SinceProven = departure.SinceProven + age };
}
