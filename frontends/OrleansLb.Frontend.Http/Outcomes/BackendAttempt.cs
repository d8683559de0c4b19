using System.Diagnostics;
using OrleansLb.Frontend.Pools;

namespace OrleansLb.Frontend.Http.Outcomes;

/// <summary>
/// One request on its way to one backend, known to the request's features while it is. Objects are used again, so nobody keeps one
/// beyond the forwarding.
/// </summary>
internal sealed class BackendAttempt
{
    private BackendSlot? _slot;
    private TimeProvider? _clock;
    private long _began;

    /// <summary>Whether the head of an answer arrived.</summary>
    public bool IsAnswered => Status > 0;

    /// <summary>The status of the answer; 0 until its head arrived.</summary>
    public int Status { get; private set; }

    /// <summary>Its span, where it has one.</summary>
    public Activity? Span { get; set; }

    public void Begin(BackendSlot slot, TimeProvider clock) => (_slot, _clock, _began, Status) = (slot, clock, clock.GetTimestamp(), 0);

    /// <summary>Time since the attempt began.</summary>
    public TimeSpan Took => _clock!.GetElapsedTime(_began);

    /// <summary>Notes the head of the answer.</summary>
    /// <param name="status">Its HTTP status.</param>
    public void Answered(int status)
    {
        Status = status;
        _slot!.Answered(_clock!.GetElapsedTime(0), Took, status);
    }

    /// <summary>The backend that was asked.</summary>
    public BackendSlot Slot => _slot!;

    /// <summary>Notes that another backend answered first, and nobody waits for this one any more.</summary>
    public void Outpaced() => _slot!.Outpaced(_clock!.GetElapsedTime(0), Took);

    /// <summary>Notes that the backend failed the request.</summary>
    public void Failed() => _slot!.Failed();

    public void Reset() => (_slot, _clock, Span) = (null, null, null);
}
