namespace OrleansLb.Core.Sessions;

/// <summary>One session in a front-end's memory. What it says of the binding never changes, so that it is read without a lock.</summary>
/// <param name="binding">The binding.</param>
/// <param name="asOf">Version of the range that confirmed it; <see cref="Unconfirmed"/> for none.</param>
/// <param name="confirmedAt">When that was.</param>
/// <param name="usedAt">When it was last used.</param>
/// <param name="isProven">Whether it was used again after it was learned.</param>
internal sealed class RememberedSession(SessionBinding binding, long asOf, TimeSpan confirmedAt, TimeSpan usedAt, bool isProven)
{
    public const long Unconfirmed = -1;

    private long _usedAt = usedAt.Ticks;

    public SessionBinding Binding { get; } = binding;

    public long AsOf { get; } = asOf;

    public TimeSpan ConfirmedAt { get; } = confirmedAt;

    public bool IsProven { get; private set; } = isProven;

    public TimeSpan UsedAt => new(Volatile.Read(ref _usedAt));

    public void Use(TimeSpan now)
    {
        IsProven = true;
        Volatile.Write(ref _usedAt, now.Ticks);
    }

    public RememberedSession Doubted() => new(Binding, Unconfirmed, ConfirmedAt, UsedAt, IsProven);
}
