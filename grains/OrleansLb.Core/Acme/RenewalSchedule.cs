namespace OrleansLb.Core.Acme;

/// <summary>When a certificate is ordered again.</summary>
public static class RenewalSchedule
{
    /// <summary>The longest time between two attempts, unless the authority asks for more.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromHours(12);

    /// <summary>Whatever an authority asks for: nobody wants to wait longer than this for a mistake in its answer.</summary>
    public static readonly TimeSpan LongestAdvice = TimeSpan.FromDays(7);

    // With this and its doubles there are four attempts in the first hour and three at most in any other; Let's Encrypt takes five failures an hour for a name.
    private static readonly TimeSpan FirstPause = TimeSpan.FromMinutes(5);

    // Certificates that were ordered together are not renewed together.
    private const int SpreadDivisor = 30;

    /// <summary>When to renew a certificate: at two thirds of its life, or up to a thirtieth of it earlier.</summary>
    /// <param name="notBefore">When its life begins.</param>
    /// <param name="notAfter">When it ends.</param>
    /// <param name="spread">Where between the two, from 0 to 1.</param>
    public static DateTimeOffset Due(DateTimeOffset notBefore, DateTimeOffset notAfter, double spread)
    {
        var life = notAfter - notBefore;
        return notBefore + life * 2 / 3 - life / SpreadDivisor * spread;
    }

    /// <summary>How long to wait after failures.</summary>
    /// <param name="failures">How many there were since the last success; 1 or more.</param>
    /// <param name="advice">How long the authority asks to wait; <see langword="null"/> when it says nothing of it.</param>
    public static TimeSpan Pause(int failures, TimeSpan? advice)
    {
        var doublings = Math.Clamp(failures - 1, 0, 20);
        var pause = FirstPause * (1L << doublings) is var doubled && doubled < LongestPause ? doubled : LongestPause;
        var asked = advice < LongestAdvice ? advice.Value : advice is null ? TimeSpan.Zero : LongestAdvice;
        return asked > pause ? asked : pause;
    }
}
