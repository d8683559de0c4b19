namespace OrleansLb.Core.Tests.Concurrency.Simulation;

/// <summary>What a run came to.</summary>
internal sealed record SlotOutcome
{
    /// <summary>What broke the limit; nothing if none did.</summary>
    public string? Violation { get; set; }

    /// <summary>Requests that had a slot, by front-end.</summary>
    public required long[] Served { get; init; }

    /// <summary>The longest that a request waited for a slot, by front-end.</summary>
    public required TimeSpan[] LongestWait { get; init; }

    /// <summary>Reports that the front-ends sent.</summary>
    public long Reports { get; set; }

    /// <summary>Time integral of the requests in slots.</summary>
    public double SlotSeconds { get; set; }

    /// <summary>Time integral of the limit.</summary>
    public double LimitSeconds { get; set; }

    /// <summary>The most at one backend at once, requests of front-ends that were cut off or killed included.</summary>
    public int Most { get; set; }
}
