using OrleansLb.Core;
using OrleansLb.Core.Balancing;
using OrleansLb.Core.Hashing;

namespace OrleansLb.Microbenchmarks;

/// <summary>A pool to pick from: unequal weights, loads of some requests each, everybody eligible but a tenth.</summary>
internal sealed class PickPool
{
    private const int AwayEvery = 10;

    public PickPool(int backends)
    {
        var random = new PickRandom(7);
        Backends = [.. Enumerable.Range(0, backends).Select(i => new WeightedBackend(BackendKey.Of("pool", $"backend-{i}", 1), 1 + random.Next(10)))];
        Weights = [.. Backends.Select(static backend => (double)backend.Weight)];
        Loads = [.. Backends.Select(_ => 1.0 + random.Next(20))];
        Places = [.. Enumerable.Range(0, backends)];
        PlacesWithSomeAway = [.. Enumerable.Range(0, backends).Select(static i => i % AwayEvery == 0 ? -1 : i)];
        var known = Backends.Select(_ => 0.001 + random.NextDouble()).ToArray();
        Paces = new double[backends];
        ResponseTimes.Complete(known, Paces);
        Speeds = new double[backends];
        LeastResponseTimePicker.Weigh(Weights, known, Speeds);
        Table = AliasTable.Build(Weights);
        HotAbove = HotColdPicker.HotAbove(Loads, Table, new double[backends]);
    }

    public WeightedBackend[] Backends { get; }

    public double[] Weights { get; }

    public double[] Loads { get; }

    public int[] Places { get; }

    public int[] PlacesWithSomeAway { get; }

    public double[] Paces { get; }

    public double[] Speeds { get; }

    public AliasTable Table { get; }

    public double HotAbove { get; }
}
