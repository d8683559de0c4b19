namespace OrleansLb.Admin.Tests;

/// <summary>Waits for what is asked for, because nobody says when it happens.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Returns as soon as a condition holds; fails after a minute, naming it.</summary>
    public static async Task Holds(string what, Func<Task<bool>> condition)
    {
        using var timer = new PeriodicTimer(Period);
        using var limit = new CancellationTokenSource(Patience);
        while (!await condition())
        {
            if (limit.IsCancellationRequested)
                throw new TimeoutException($"Not within {Patience}: {what}.");
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }
}
