namespace OrleansLb.Core.Tls;

/// <summary>When to say that a certificate expires: 30, 14, 7 and 1 days before, and when it has, each once.</summary>
public static class CertificateExpiry
{
    /// <summary>A certificate that has expired, among the days that <see cref="DaysToSay"/> returns.</summary>
    public const int Expired = 0;

    private static readonly int[] Days = [1, 7, 14, 30];

    /// <summary>How urgent it is.</summary>
    /// <param name="left">Time until it expires; none or less when it has.</param>
    /// <returns>The least of 1, 7, 14 and 30 days that it has no more than left, <see cref="Expired"/>, or <see langword="null"/> while it has more than all of them.</returns>
    public static int? DaysToSay(TimeSpan left)
    {
        if (left <= TimeSpan.Zero)
            return Expired;
        foreach (var days in Days)
        {
            if (left <= TimeSpan.FromDays(days))
                return days;
        }

        return null;
    }

    /// <summary>Whether there is something to say that was not said before.</summary>
    /// <param name="said">What was said last of this certificate; <see langword="null"/> for nothing.</param>
    /// <param name="now">What <see cref="DaysToSay"/> returns now.</param>
    public static bool IsNews(int? said, int? now) => now is { } days && (said is not { } before || days < before);
}
