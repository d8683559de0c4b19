using OrleansLb.Core.Draining;

namespace OrleansLb.Core.Tests.Draining;

/// <summary>One front-end of a <see cref="DrainSimulation"/>.</summary>
internal sealed class SimulatedFrontend(string id)
{
    private TimeSpan? _closesAt;

    public string Id { get; } = id;

    public int InFlight { get; set; }

    public long Arrivals { get; private set; }

    public bool IsClosed { get; private set; }

    /// <summary>When it could learn of anything at the earliest.</summary>
    public TimeSpan LearnsAt { get; init; }

    /// <summary>When requests that have chosen the backend will be counted.</summary>
    public List<TimeSpan> OnTheirWay { get; } = [];

    public FrontendDrain Report() => new(Id, true, InFlight, 0, Arrivals, IsClosed);

    public void LearnAbout(TimeSpan now, TimeSpan delay)
    {
        _closesAt ??= now + delay;
        IsClosed = IsClosed || (now >= _closesAt && now >= LearnsAt);
    }

    public void Arrive(TimeSpan now)
    {
        var arrived = OnTheirWay.RemoveAll(at => at <= now);
        InFlight += arrived;
        Arrivals += arrived;
    }
}
