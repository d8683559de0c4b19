using System.Collections.Immutable;
using OrleansLb.Contracts.Frontends;

namespace OrleansLb.Grains.Frontends;

/// <summary>Who departed from the directory within the last day.</summary>
internal sealed class FrontendDepartures(TimeProvider clock)
{
    private const int Capacity = 1000;

    /// <summary>Longer than a front-end serves its share of a limit alone, by far more than clocks differ.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromHours(25);

    private readonly List<(FrontendDeparture Departure, long At)> _departures = [];

    /// <summary>Notes that an incarnation departed; its age was <paramref name="sinceHeard"/> when it was noticed.</summary>
    public void Add(FrontendEntry entry, TimeSpan sinceHeard, bool mayBeAlive)
    {
        if (_departures.Count == Capacity)
            _departures.RemoveAt(0);
        var departure = new FrontendDeparture
        {
            FrontendId = entry.FrontendId,
            Incarnation = entry.Incarnation,
            Ago = TimeSpan.Zero,
            MayBeAlive = mayBeAlive,
            SinceProven = entry.SinceProven + sinceHeard,
            ShareParts = entry.ShareParts,
        };
        _departures.Add((departure, clock.GetTimestamp()));
    }

    /// <summary>
    /// Notes that an incarnation is there: the same one never was away; of an earlier one it is now certain that it is dead.
    /// </summary>
    public void Returned(string frontendId, long incarnation)
    {
        _departures.RemoveAll(known => known.Departure.FrontendId == frontendId && known.Departure.Incarnation == incarnation);
        for (var index = 0; index < _departures.Count; index++)
        {
            var (departure, at) = _departures[index];
            if (departure.FrontendId == frontendId && departure.MayBeAlive)
                _departures[index] = (departure with { MayBeAlive = false }, at);
        }
    }

    public ImmutableArray<FrontendDeparture> List()
    {
        _departures.RemoveAll(known => clock.GetElapsedTime(known.At) > Memory);
        return [.. _departures.Select(known => Aged(known.Departure, clock.GetElapsedTime(known.At)))];
    }

    private static FrontendDeparture Aged(FrontendDeparture departure, TimeSpan age) =>
        departure with { Ago = age, SinceProven = departure.SinceProven + age };
}
