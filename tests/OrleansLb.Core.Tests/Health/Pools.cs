using OrleansLb.Core.Health;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Core.Tests.Health;

internal static class Pools
{
    public static readonly HealthVerdict Up = new(BackendState.Up, false, false, false);
    public static readonly HealthVerdict AnswersBadly = new(BackendState.Down, false, true, false);
    public static readonly HealthVerdict Unreachable = new(BackendState.Down, false, true, true);
    public static readonly HealthVerdict DownByOneWitness = new(BackendState.Down, false, false, true);

    public static PoolDefinition Of(int backends, int panicPercent = 50, int from = 0) => new()
    {
        Id = "pool",
        PanicPercent = panicPercent,
        ActiveHealth = new ActiveHealthDefinition(),
        Agent = new AgentDefinition { Port = 9 },
        Backends = [.. Enumerable.Range(from, backends).Select(Backend)],
    };

    public static BackendKey Key(int index) => Backend(index).Key;

    public static PoolEligibilityState Running(int backends, int panicPercent = 50)
    {
        var state = PoolEligibilityMachine.Configure(PoolEligibilityMachine.Start(1), Of(backends, panicPercent)).Next;
        for (var i = 0; i < backends; i++) state = PoolEligibilityMachine.SetVerdict(state, Key(i), Up, TimeSpan.Zero).Next;
        return state;
    }

    public static BackendStatus Status(this PoolEligibilityState state, int index)
    {
        Assert.True(state.Published.TryGet(Key(index), out var status));
        return status;
    }

    private static BackendDefinition Backend(int index)
    {
        var address = new Uri($"http://10.0.0.{index + 1}/");
        return new BackendDefinition($"b{index}", address, address, null, 1, 1, BackendKey.Of("pool", $"b{index}", 1));
    }
}
