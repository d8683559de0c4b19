namespace OrleansLb.Core.Tests.Balancing.Simulation;

/// <param name="MeanTime">Mean time from pick to end, in seconds.</param>
/// <param name="P99Time">99th percentile of it.</param>
/// <param name="MaxOverMean">Time average of (most in flight at one backend) / (mean in flight per backend), by weight.</param>
/// <param name="MaxMeanOverMean">The same ratio of time averages: what is left is bias, not noise.</param>
/// <param name="InFlight">Requests in flight on average.</param>
/// <param name="ExchangesPerSecond">Reports of all front-ends.</param>
internal sealed record Outcome(double MeanTime, double P99Time, double MaxOverMean, double MaxMeanOverMean, double InFlight, double ExchangesPerSecond);
