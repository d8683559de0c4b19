namespace OrleansLb.Simulation.Events;

/// <param name="Time">When it happens.</param>
/// <param name="Order">Of two events at one time, the one that was planned first happens first.</param>
/// <param name="Kind">What happens.</param>
/// <param name="Subject">To which request, front-end or failure.</param>
/// <param name="Detail">Which message, or for a wake-up the one it was planned as.</param>
internal readonly record struct SimulationEvent(double Time, long Order, EventKind Kind, int Subject, int Detail)
{
    public bool IsBefore(in SimulationEvent other) => Time < other.Time || (Time == other.Time && Order < other.Order);
}
