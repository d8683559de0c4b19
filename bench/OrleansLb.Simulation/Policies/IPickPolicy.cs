using OrleansLb.Core.Balancing;

namespace OrleansLb.Simulation.Policies;

/// <summary>A way to pick, with whatever one front-end remembers for it.</summary>
public interface IPickPolicy
{
    /// <summary>Picks a backend for a request.</summary>
    /// <param name="situation">What the front-end knows at the moment.</param>
    /// <param name="random">The front-end's chance.</param>
    /// <returns>Position among the candidates.</returns>
    int Pick(in PickSituation situation, ref PickRandom random);

    /// <summary>Tells of a request of this front-end that was answered.</summary>
    /// <param name="backend">Where.</param>
    /// <param name="took">Time since its pick.</param>
    /// <param name="now">The machines' time.</param>
    void Answered(int backend, TimeSpan took, TimeSpan now)
    {
        // Most policies count requests and do not time them.
    }
}
