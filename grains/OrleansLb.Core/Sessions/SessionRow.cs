namespace OrleansLb.Core.Sessions;

/// <summary>What one front-end remembers of one session, told to a new activation.</summary>
/// <param name="Key">The session.</param>
/// <param name="Binding">The newest binding that it was told, or decided alone.</param>
/// <param name="Idle">Time since it last used it.</param>
public readonly record struct SessionRow(SessionKey Key, SessionBinding Binding, TimeSpan Idle);
