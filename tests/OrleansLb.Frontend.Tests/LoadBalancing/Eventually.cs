using System.Runtime.CompilerServices;

namespace OrleansLb.Frontend.Tests.LoadBalancing;

/// <summary>Waits for what another thread brings about, and says what did not happen.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    internal static async Task Is(Func<Task<bool>> condition, [CallerArgumentExpression(nameof(condition))] string what = "")
    {
        var began = TimeProvider.System.GetTimestamp();
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(began) > Deadline)
                throw new TimeoutException($"Not within {Deadline}: {what}");
            await ticks.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    internal static Task Is(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string what = "") =>
        Is(() => Task.FromResult(condition()), what);
}
