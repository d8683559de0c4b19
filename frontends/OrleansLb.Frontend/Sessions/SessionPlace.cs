using OrleansLb.Core.Sessions;

namespace OrleansLb.Frontend.Sessions;

/// <summary>Where a request of a learned session goes.</summary>
/// <param name="Outcome">How that was found.</param>
/// <param name="Backend">Id of the backend; <see langword="null"/> for none.</param>
/// <param name="Binding">The binding that the front-end knows by now.</param>
public readonly record struct SessionPlace(SessionPlaceOutcome Outcome, string? Backend, SessionBinding Binding);
