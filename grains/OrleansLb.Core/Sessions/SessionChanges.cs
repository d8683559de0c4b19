namespace OrleansLb.Core.Sessions;

/// <summary>Which bindings of a range are not what front-ends may remember: replaced, moved or revoked.</summary>
/// <param name="Epoch">The activation that says so.</param>
/// <param name="From">Version that the changes begin after.</param>
/// <param name="To">Version that they lead to.</param>
/// <param name="Keys">The sessions; meaningless unless complete.</param>
/// <param name="IsComplete">Whether all changes since <paramref name="From"/> are named; if not, anything may have changed.</param>
public sealed record SessionChanges(long Epoch, long From, long To, SessionKey[] Keys, bool IsComplete)
{
    /// <summary>Whether there is nothing to tell.</summary>
    public bool IsEmpty => From == To && IsComplete;
}
