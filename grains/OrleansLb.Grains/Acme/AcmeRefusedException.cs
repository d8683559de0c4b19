using OrleansLb.Core.Acme;

namespace OrleansLb.Grains.Acme;

/// <summary>An authority does not do what it was asked for.</summary>
/// <param name="problem">Why.</param>
/// <param name="retryAfter">How long it asks to wait; <see langword="null"/> when it says nothing of it.</param>
/// <param name="isPassing">Whether the trouble is its own and not that of the order.</param>
internal sealed class AcmeRefusedException(AcmeProblem problem, TimeSpan? retryAfter = null, bool isPassing = false) : Exception(problem.ToString())
{
    /// <summary>Why.</summary>
    public AcmeProblem Problem => problem;

    /// <summary>How long it asks to wait; <see langword="null"/> when it says nothing of it.</summary>
    public TimeSpan? RetryAfter => retryAfter;

    /// <summary>Whether the trouble is its own and not that of the order.</summary>
    public bool IsPassing => isPassing;
}
