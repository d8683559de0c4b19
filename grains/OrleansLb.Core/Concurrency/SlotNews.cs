namespace OrleansLb.Core.Concurrency;

/// <summary>What came of the newest report.</summary>
public enum SlotNews
{
    /// <summary>None was sent yet.</summary>
    First,

    /// <summary>Answered; nobody lacks slots.</summary>
    None,

    /// <summary>Answered; somebody lacks slots.</summary>
    Scarce,

    /// <summary>Answered by an activation that has not heard of this front-end before, and waits for what it says now.</summary>
    NewEpoch,

    /// <summary>Not answered.</summary>
    Failed,
}
