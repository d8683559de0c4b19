namespace OrleansLb.Grains.Frontends;

/// <summary>Which silos keep a copy of the directory, and which state of it all of them have. The directory's own silo, which dies with it, does not count.</summary>
internal sealed class DirectoryCopies(TimeProvider clock, SiloAddress own)
{
    /// <summary>
    /// A silo that has not asked for this long is most likely dead, and is not waited for, or nobody new could use limits until it is declared so. It asks four times in that time.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Dictionary<SiloAddress, (long Number, long At)> _copies = [];

    /// <summary>What is at most this new is in every copy.</summary>
    public long EverywhereUpTo
    {
        get
        {
            var least = long.MaxValue;
            foreach (var (_, (number, at)) in _copies)
            {
                if (clock.GetElapsedTime(at) <= Patience)
                    least = Math.Min(least, number);
            }

            return least;
        }
    }

    /// <summary>Notes what a silo has.</summary>
    public void Kept(SiloAddress silo, long number)
    {
        if (!silo.Equals(own))
            _copies[silo] = (number, clock.GetTimestamp());
    }
}
