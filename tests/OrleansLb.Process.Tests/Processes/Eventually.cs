using System.Diagnostics;

namespace OrleansLb.Process.Tests.Processes;

/// <summary>Waits for something that another process shows only when asked.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Asks until the answer is yes, and returns how long that took.</summary>
    /// <param name="what">Names, in the failure message, what did not happen.</param>
    /// <param name="limit">When to give up.</param>
    /// <param name="condition">Asks once.</param>
    /// <param name="context">Adds evidence to the failure message.</param>
    public static async Task<TimeSpan> Holds(string what, TimeSpan limit, Func<Task<bool>> condition, Func<string>? context = null)
    {
        var started = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(Pause);
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(started) > limit)
                throw new TimeoutException($"Not within {limit}: {what}.\n{context?.Invoke()}");
            await timer.WaitForNextTickAsync();
        }

        return Stopwatch.GetElapsedTime(started);
    }
}
