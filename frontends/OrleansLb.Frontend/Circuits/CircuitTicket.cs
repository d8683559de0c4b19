using OrleansLb.Core.Health.Circuits;
using OrleansLb.Frontend.Pools;

namespace OrleansLb.Frontend.Circuits;

/// <summary>The right to send one request over a half-open circuit. Whatever comes of any request to that backend first is what came of the trial.</summary>
internal sealed class CircuitTicket
{
    private readonly BackendSlot _slot;
    private readonly Action<TrialOutcome> _tell;
    private int _isOver;

    public CircuitTicket(BackendSlot slot, Action<TrialOutcome> tell)
    {
        (_slot, _tell) = (slot, tell);
        slot.Trial = this;
    }

    /// <summary>Ends the trial; only the first outcome counts.</summary>
    /// <param name="outcome">What came of it.</param>
    public void End(TrialOutcome outcome)
    {
        if (Interlocked.Exchange(ref _isOver, 1) != 0)
            return;
        _slot.Trial = null;
        _tell(outcome);
    }
}
