using OrleansLb.Chaos.Load;
using OrleansLb.Chaos.Plans;

namespace OrleansLb.Chaos.Verdicts;

/// <summary>
/// Whether all front-ends send a session, which always shows the cookie that it was given first, to the same backend: to the one that it began at, and while a backend is in trouble to
/// one other at most, whichever front-end is asked.
/// </summary>
/// <param name="homes">Where each session began.</param>
/// <param name="faults">What happened.</param>
public sealed class SessionAgreement(IReadOnlyDictionary<string, string> homes, IEnumerable<HappenedFault> faults)
{
    // Front-ends hear of a verdict a moment after the silo that tells it to who asks.
    private static readonly TimeSpan Hearsay = TimeSpan.FromSeconds(1);

    private readonly (TimeSpan From, TimeSpan To)[] _troubles =
        [.. faults.Where(static fault => fault.Planned.Trait.Area == FaultArea.Backend).Select(static fault => (fault.Began, fault.Over + Hearsay))];

    /// <summary>Answers to sessions.</summary>
    public int Answers { get; private set; }

    /// <summary>Answers of another backend while one was in trouble.</summary>
    public int Moved { get; private set; }

    /// <summary>Answers of a backend that another front-end would not have chosen.</summary>
    public int Strays { get; private set; }

    /// <summary>What the first of them was.</summary>
    public string FirstStray { get; private set; } = "";

    /// <summary>Takes in what became of the requests.</summary>
    public void Take(IEnumerable<RequestOutcome> outcomes)
    {
        ArgumentNullException.ThrowIfNull(outcomes);
        var successors = new Dictionary<(string Session, int Trouble), string>();
        foreach (var outcome in outcomes.Where(static outcome => outcome.Backend is not null).OrderBy(static outcome => outcome.At))
        {
            if (RequestPaths.SessionOf(outcome.Target) is not { } session)
                continue;
            Answers++;
            if (outcome.Backend == homes[session])
                continue;
            if (TroubleOf(outcome) is not { } trouble || !IsTheSuccessor(successors, (session, trouble), outcome.Backend!))
                Stray(session, outcome);
            else
                Moved++;
        }
    }

    private int? TroubleOf(RequestOutcome outcome)
    {
        var trouble = Array.FindIndex(_troubles, span => outcome.At <= span.To && outcome.AnsweredAt >= span.From);
        return trouble < 0 ? null : trouble;
    }

    private static bool IsTheSuccessor(Dictionary<(string Session, int Trouble), string> successors, (string Session, int Trouble) place, string backend)
    {
        successors.TryAdd(place, backend);
        return successors[place] == backend;
    }

    private void Stray(string session, RequestOutcome outcome)
    {
        if (Strays++ == 0)
            FirstStray = FormattableString.Invariant($"session {session} of {homes[session]} was answered by {outcome.Backend} through {outcome.Target.Authority} at {outcome.At.TotalSeconds:F1} s");
    }
}
