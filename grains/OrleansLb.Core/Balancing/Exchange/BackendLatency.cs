namespace OrleansLb.Core.Balancing.Exchange;

/// <summary>How long a backend takes to answer, over all front-ends.</summary>
/// <param name="Key">The backend.</param>
/// <param name="Mean">Mean time to the head of an answer in the recent past; zero when there was no answer for long.</param>
public readonly record struct BackendLatency(BackendKey Key, TimeSpan Mean);
