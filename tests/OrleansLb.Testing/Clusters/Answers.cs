namespace OrleansLb.Testing.Clusters;

/// <summary>Calls of grains as a front-end makes them: what a busy machine or a silo's death keeps from being answered in time is asked again.</summary>
public static class Answers
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Asks until there is an answer; the deadline is the test's own.</summary>
    /// <param name="ask">Asks once. It may do so repeatedly, and what was asked before may have been heard.</param>
    /// <param name="cancellation">Ends the asking.</param>
    public static async Task<T> Of<T>(Func<ValueTask<T>> ask, CancellationToken cancellation = default)
    {
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (Exception exception) when (exception is OrleansException or TimeoutException)
            {
                await Task.Delay(Pause, cancellation);
            }
        }
    }
}
