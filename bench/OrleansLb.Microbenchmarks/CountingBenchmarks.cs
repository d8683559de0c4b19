using System.Collections.Frozen;
using BenchmarkDotNet.Attributes;
using OrleansLb.Core.Snapshots;
using OrleansLb.Frontend.Pools;

namespace OrleansLb.Microbenchmarks;

/// <summary>One request counted at its backend, from its pick to its end: alone, and while another thread does nothing else.</summary>
public class CountingBenchmarks
{
    private const int Backend = 10;

    private static readonly TimeSpan Took = TimeSpan.FromMilliseconds(3);

    private BackendSlot _slot = null!;
    private Thread? _other;
    private bool _isOver;

    /// <summary>Nobody else counts.</summary>
    [GlobalSetup(Target = nameof(Alone))]
    public void Setup() => Start(null);

    /// <summary>Another thread counts at the same backend.</summary>
    [GlobalSetup(Target = nameof(WithAnotherThere))]
    public void SetupWithAnotherThere() => Start(Backend);

    /// <summary>Another thread counts at the next backend, whose numbers share a line of the processor's caches.</summary>
    [GlobalSetup(Target = nameof(WithAnotherBeside))]
    public void SetupWithAnotherBeside() => Start(Backend + 1);

    /// <summary>Another thread counts at a backend far away.</summary>
    [GlobalSetup(Target = nameof(WithAnotherElsewhere))]
    public void SetupWithAnotherElsewhere() => Start(Backend + 50);

    /// <summary>Sends the other thread home.</summary>
    [GlobalCleanup]
    public void Cleanup()
    {
        Volatile.Write(ref _isOver, true);
        _other?.Join();
    }

    /// <summary>See <see cref="Setup"/>.</summary>
    [Benchmark(Baseline = true)]
    public void Alone() => Count(_slot);

    /// <summary>See <see cref="SetupWithAnotherThere"/>.</summary>
    [Benchmark]
    public void WithAnotherThere() => Count(_slot);

    /// <summary>See <see cref="SetupWithAnotherBeside"/>.</summary>
    [Benchmark]
    public void WithAnotherBeside() => Count(_slot);

    /// <summary>See <see cref="SetupWithAnotherElsewhere"/>.</summary>
    [Benchmark]
    public void WithAnotherElsewhere() => Count(_slot);

    private static void Count(BackendSlot slot)
    {
        slot.Begin();
        slot.End(Took, failed: false);
    }

    private void Start(int? other)
    {
        var pools = new PoolTable();
        var pool = new PoolDefinition { Id = "app", Backends = [.. Enumerable.Range(0, 100).Select(PoolBackends.Define)] };
        pools.Apply(ClusterSnapshot.Empty with { Pools = new Dictionary<string, PoolDefinition> { ["app"] = pool }.ToFrozenDictionary() });
        (_slot, _isOver, _other) = (pools.Current["app"].Slots[Backend], false, null);
        if (other is not { } index)
            return;
        var slot = pools.Current["app"].Slots[index];
        _other = new Thread(() =>
        {
            while (!Volatile.Read(ref _isOver))
                Count(slot);
        });
        _other.Start();
    }
}
