namespace OrleansLb.Core.RateLimiting;

/// <summary>What the registry of front-ends knows about one of them, so that one idle at a range is not taken for unreachable.</summary>
/// <param name="Holder">Front-end id.</param>
/// <param name="SinceProven">
/// Time since something was sent to it that it has proved to have received (not since something was received from it, which says
/// nothing about when it will start to serve its share).
/// </param>
/// <param name="ShareParts">N of the share 1/N that it says it may serve when unreachable, now or after a restart; 0 for none.</param>
public readonly record struct FrontendPresence(string Holder, TimeSpan SinceProven, int ShareParts);
