namespace OrleansLb.Core.Concurrency.Adaptive;

/// <summary>What is done with the limit of a backend.</summary>
public enum AdaptivePhase
{
    /// <summary>It follows the times of answers.</summary>
    Following,

    /// <summary>It is the least there is, until no more requests are at the backend than that.</summary>
    Emptying,

    /// <summary>It is the least there is, while the quickest answers are measured.</summary>
    Measuring,
}
