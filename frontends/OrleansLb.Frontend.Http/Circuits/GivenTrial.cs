using OrleansLb.Frontend.Circuits;

namespace OrleansLb.Frontend.Http.Circuits;

/// <summary>The trial that a request was given before it had a pool, known to the request's features.</summary>
/// <param name="Index">Index of the backend's slot.</param>
/// <param name="Ticket">The trial.</param>
internal sealed record GivenTrial(int Index, CircuitTicket Ticket);
