using OrleansLb.Chaos.Load;

namespace OrleansLb.Chaos.Verdicts;

/// <summary>How requests are told apart: those of limited keys and those of sessions have the key or the session as the last part of their path.</summary>
public static class RequestPaths
{
    public const string Limited = "/limited/";

    public const string Session = "/session/";

    /// <summary>The key of a limited request; <see langword="null"/> of any other.</summary>
    public static string? KeyOf(Uri target) => After(Limited, target);

    /// <summary>The session of a request; <see langword="null"/> of one without.</summary>
    public static string? SessionOf(Uri target) => After(Session, target);

    /// <summary>Whether a client cannot have been content with it: no answer, one of no backend, or a refusal although nothing is limited.</summary>
    public static bool Fails(RequestOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        return outcome.Failed || (outcome.Status != 200 && KeyOf(outcome.Target) is null);
    }

    private static string? After(string prefix, Uri target)
    {
        ArgumentNullException.ThrowIfNull(target);
        return target.AbsolutePath.StartsWith(prefix, StringComparison.Ordinal) ? target.AbsolutePath[prefix.Length..] : null;
    }
}
