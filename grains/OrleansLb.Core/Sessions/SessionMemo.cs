namespace OrleansLb.Core.Sessions;

/// <summary>What a front-end remembers of one session.</summary>
/// <param name="Binding">The newest binding that it was told, or decided alone.</param>
/// <param name="ConfirmedAt">When the range last confirmed it; <see langword="null"/> when the range must be asked first.</param>
public readonly record struct SessionMemo(SessionBinding Binding, TimeSpan? ConfirmedAt)
{
    /// <summary>Whether it may be used without asking, as far as its age goes.</summary>
    /// <param name="now">The time.</param>
    public bool IsFresh(TimeSpan now) => Binding.IsBound && now - ConfirmedAt < SessionTable.Freshness;
}
