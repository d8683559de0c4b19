using OrleansLb.Core.Balancing.Exchange;

namespace OrleansLb.Simulation.Frontends;

/// <summary>The pool's activations, one after the other, each with the shipped machine.</summary>
internal sealed class SimulatedPool(IReadOnlyCollection<string> frontendIds)
{
    private PoolLoadMachine? _machine = Activate("silo-1", frontendIds, TimeSpan.Zero);
    private int _lives = 1;

    /// <summary>Answers a report.</summary>
    /// <returns>The reply; <see langword="null"/> while there is no activation.</returns>
    public LoadReply? Exchange(LoadReport report, TimeSpan now) => _machine?.Exchange(report, now);

    public void Die() => _machine = null;

    public void Return(TimeSpan now) => _machine = Activate($"silo-{++_lives}", frontendIds, now);

    private static PoolLoadMachine Activate(string silo, IReadOnlyCollection<string> frontendIds, TimeSpan now)
    {
        var machine = new PoolLoadMachine(silo, now);
        machine.SetRegistered(frontendIds);
        return machine;
    }
}
