namespace OrleansLb.Core.Tests.Concurrency.Keys.Simulation;

/// <summary>What a run came to.</summary>
internal sealed record KeySlotOutcomes
{
    /// <summary>What broke the limit, or stayed behind; nothing if none did.</summary>
    public string? Violation { get; set; }

    /// <summary>Requests that had their slots, by front-end.</summary>
    public required long[] Served { get; init; }

    /// <summary>Requests that were refused.</summary>
    public long Refused { get; set; }

    /// <summary>Requests that nobody decided in time.</summary>
    public long Undecided { get; set; }

    /// <summary>Reports that the front-ends sent.</summary>
    public long Reports { get; set; }

    /// <summary>Time integral of the slots in use while requests came.</summary>
    public double SlotSeconds { get; set; }

    /// <summary>The most of one key in use at once, by front-ends that were cut off or killed included.</summary>
    public int Most { get; set; }

    /// <summary>The longest that a request waited which was served.</summary>
    public TimeSpan LongestWait { get; set; }
}
