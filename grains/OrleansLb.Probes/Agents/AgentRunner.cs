namespace OrleansLb.Probes.Agents;

/// <summary>Asks one agent again and again. Everything runs on the task scheduler that <see cref="Run"/> is called on, which in a grain is the grain's own.</summary>
/// <param name="target">The agent.</param>
/// <param name="client">Asks.</param>
/// <param name="observer">Told of every answer, in order.</param>
/// <param name="clock">The clock.</param>
/// <param name="random">Source of jitter.</param>
public sealed class AgentRunner(AgentTarget target, AgentClient client, Action<AgentAnswer> observer, TimeProvider clock, Random random)
{
    // As probes: so that agents which began together are not asked together for ever.
    private const double Jitter = 0.1;

    /// <summary>Asks at once, and then every interval, until it is told to stop.</summary>
    /// <param name="stop">Ends it.</param>
    public async Task Run(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var began = clock.GetTimestamp();
            await Ask(stop);
            var pause = (target.Interval * (1 - Jitter + (2 * Jitter * random.NextDouble()))) - clock.GetElapsedTime(began);
            if (pause > TimeSpan.Zero)
                await Task.Delay(pause, clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    private async Task Ask(CancellationToken stop)
    {
        try
        {
            observer(await client.Ask(target, stop));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // It ends, and nobody waits for the answer.
        }
    }
}
