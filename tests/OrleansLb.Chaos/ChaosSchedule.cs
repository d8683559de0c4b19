namespace OrleansLb.Chaos;

/// <summary>Makes schedules of trouble.</summary>
public static class ChaosSchedule
{
    private const int Kinds = 8;

    /// <summary>The same steps for the same seed: trouble of one kind at a time, with fair weather after each.</summary>
    /// <param name="seed">Decides about kinds, sizes and lengths.</param>
    /// <param name="troubles">How many times there is trouble.</param>
    /// <param name="longest">The longest step; the shortest is a tenth of it.</param>
    public static IReadOnlyList<ChaosStep> Make(int seed, int troubles, TimeSpan longest)
    {
        var random = new Random(seed);
        TimeSpan Length() => longest * (0.1 + (0.9 * random.NextDouble()));
        var steps = new List<ChaosStep>();
        for (var i = 0; i < troubles; i++)
        {
            var kind = random.Next(Kinds);
            steps.Add(new ChaosStep(Length(), Trouble(kind, random), CutsAll: kind == Kinds - 1));
            steps.Add(new ChaosStep(Length(), ChaosWeather.Fair));
        }

        return steps;
    }

    private static ChaosWeather Trouble(int kind, Random random) => kind switch
    {
        0 => Both(new ChaosWay { Delay = Milliseconds(random, 200) }),
        1 => Both(new ChaosWay { Delay = Milliseconds(random, 20), Jitter = Milliseconds(random, 200) }),
        2 => Both(new ChaosWay { BytesPerSecond = 1_000 + random.Next(100_000) }),
        3 => new ChaosWeather { ToTarget = new ChaosWay { IsBlackHole = true } },
        4 => new ChaosWeather { ToClient = new ChaosWay { IsBlackHole = true } },
        5 => new ChaosWeather { ToClient = new ChaosWay { ResetAfter = random.Next(4_096) } },
        6 => new ChaosWeather { ToClient = new ChaosWay { HalfCloseAfter = random.Next(4_096) } },
        _ => new ChaosWeather { RefusesConnections = true },
    };

    private static ChaosWeather Both(ChaosWay way) => new() { ToTarget = way, ToClient = way };

    private static TimeSpan Milliseconds(Random random, int most) => TimeSpan.FromMilliseconds(1 + random.Next(most));
}
