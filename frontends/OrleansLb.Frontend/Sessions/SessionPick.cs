namespace OrleansLb.Frontend.Sessions;

/// <summary>Picks where a new session would go, as requests without one are balanced.</summary>
/// <returns>Id of the backend; <see langword="null"/> when none takes it.</returns>
public delegate string? SessionPick();
