namespace OrleansLb.Chaos.Plans;

/// <summary>Makes plans of faults.</summary>
public static class FaultPlan
{
    /// <summary>The shortest run that has room for any fault.</summary>
    public static readonly TimeSpan ShortestRun = TimeSpan.FromSeconds(20);

    /// <summary>Nothing happens before that.</summary>
    public static readonly TimeSpan Calm = TimeSpan.FromSeconds(3);

    /// <summary>The shortest time between the end of a fault and the next one that does not overlap it, and after the last one.</summary>
    public static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    // A part of the faults gets company, if one may come with it.
    private const double WithCompany = 0.25;

    /// <summary>The same faults at the same times for the same seed: every kind once, in any order, before one comes again.</summary>
    /// <param name="seed">Decides about kinds, times, lengths and whom they meet.</param>
    /// <param name="length">Of the run.</param>
    /// <param name="kinds">Which kinds; not empty.</param>
    /// <exception cref="ArgumentException">The run is too short, or there are no kinds.</exception>
    public static IReadOnlyList<PlannedFault> Make(int seed, TimeSpan length, IReadOnlyCollection<FaultKind> kinds)
    {
        ArgumentNullException.ThrowIfNull(kinds);
        if (length < ShortestRun)
            throw new ArgumentException($"A run takes at least {ShortestRun}.", nameof(length));
        if (kinds.Count == 0)
            throw new ArgumentException("There is no kind of fault.", nameof(kinds));
        var (random, faults) = (new Random(seed), new List<PlannedFault>());
        var traits = FaultTrait.All.Where(trait => kinds.Contains(trait.Kind)).ToArray();
        var bag = new Queue<FaultTrait>();
        var at = Calm;
        while (true)
        {
            if (bag.Count == 0)
                bag = new Queue<FaultTrait>(Shuffled(traits, random));
            var fault = Draw(bag.Dequeue(), at, overlaps: false, random);
            var company = Company(fault, traits, random);
            var ends = company is not null && company.Ends > fault.Ends ? company.Ends : fault.Ends;
            if (ends + ShortestPause > length)
                return faults;
            faults.Add(fault);
            if (company is not null)
                faults.Add(company);
            at = ends + Between(ShortestPause, LongestPause, random);
        }
    }

    private static PlannedFault? Company(PlannedFault fault, IEnumerable<FaultTrait> traits, Random random)
    {
        var (comes, which, when) = (random.NextDouble() < WithCompany, random.Next(), random.NextDouble());
        var possible = traits.Where(fault.Trait.MayOverlap).ToArray();
        if (!comes || possible.Length == 0)
            return null;
        return Draw(possible[which % possible.Length], Rounded(fault.At + (fault.Length * when)), overlaps: true, random);
    }

    private static PlannedFault Draw(FaultTrait trait, TimeSpan at, bool overlaps, Random random) =>
        new(trait, at, Between(trait.Shortest, trait.Longest, random), random.Next(), overlaps);

    private static FaultTrait[] Shuffled(FaultTrait[] traits, Random random)
    {
        FaultTrait[] shuffled = [.. traits];
        random.Shuffle(shuffled);
        return shuffled;
    }

    private static TimeSpan Between(TimeSpan least, TimeSpan most, Random random) => Rounded(least + ((most - least) * random.NextDouble()));

    // So that what pages say is what was done.
    private static TimeSpan Rounded(TimeSpan time) => TimeSpan.FromSeconds(Math.Round(time.TotalSeconds, 1));
}
