namespace OrleansLb.Core.Concurrency.Adaptive;

/// <summary>How it stands with a limit that adapts.</summary>
/// <param name="Limit">Requests that the backend takes at once now, from all front-ends together.</param>
/// <param name="Quickest">Mean time to the head of an answer when few requests were at the backend; zero before it was measured.</param>
/// <param name="Recent">The same of the newest answers that were looked at; zero before there were any.</param>
/// <param name="Phase">What is done with it.</param>
public readonly record struct AdaptiveStanding(int Limit, TimeSpan Quickest, TimeSpan Recent, AdaptivePhase Phase);
