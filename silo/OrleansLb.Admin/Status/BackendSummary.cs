namespace OrleansLb.Admin.Status;

/// <summary>One backend.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Address">Where requests go.</param>
/// <param name="Generation">Raised when the address changed or the id came back.</param>
/// <param name="Weight">Configured weight.</param>
/// <param name="State">Its state, as <c>Up</c>.</param>
/// <param name="Reason">Why.</param>
/// <param name="InStateSeconds">For how long.</param>
/// <param name="TakesNewSessions">Whether requests without a session may go there.</param>
/// <param name="InFlight">In flight for the whole cluster.</param>
/// <param name="ByFrontend">In flight by front-end.</param>
/// <param name="Slots">Its slots; <see langword="null"/> in a pool without a limit of concurrency.</param>
/// <param name="Drain">How far its drain is; <see langword="null"/> when it does not drain.</param>
/// <param name="Agent">What its agent said last; <see langword="null"/> in a pool without agents, and before it was asked.</param>
/// <param name="Circuit">Its circuit; <see langword="null"/> in a pool without circuits.</param>
internal sealed record BackendSummary(
    string Id,
    string Address,
    int Generation,
    int Weight,
    string State,
    string Reason,
    double InStateSeconds,
    bool TakesNewSessions,
    InFlightSummary InFlight,
    IReadOnlyDictionary<string, InFlightSummary> ByFrontend,
    SlotSummary? Slots,
    DrainSummary? Drain,
    AgentSummary? Agent,
    CircuitSummary? Circuit);
