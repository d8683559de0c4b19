using OrleansLb.Frontend.Pools;

namespace OrleansLb.Frontend.Concurrency;

/// <summary>A request in a pool's queue.</summary>
internal sealed class WaitingRequest : TaskCompletionSource<AdmissionOutcome>
{
    /// <param name="pinned">The only backend that it may go to; <see langword="null"/> for any that is available.</param>
    /// <param name="choices">Of these, the ids of those it may go to; <see langword="null"/> for all.</param>
    public WaitingRequest(BackendSlot? pinned, string[]? choices)
        : base(TaskCreationOptions.RunContinuationsAsynchronously) => (Pinned, Choices) = (pinned, choices);

    public BackendSlot? Pinned { get; }

    /// <summary>Of those that are available, the ids of those it may go to; <see langword="null"/> for all.</summary>
    public string[]? Choices { get; }

    /// <summary>Its place in the order of arrival.</summary>
    public long Arrival { get; set; }

    /// <summary>Where it stands in its queue.</summary>
    public LinkedListNode<WaitingRequest>? Place { get; set; }

    /// <summary>The backend whose slot it was given.</summary>
    public BackendSlot? Given { get; set; }

    public bool MayGoTo(BackendSlot slot) => Choices is null || Choices.Contains(slot.Definition.Id, StringComparer.OrdinalIgnoreCase);
}
