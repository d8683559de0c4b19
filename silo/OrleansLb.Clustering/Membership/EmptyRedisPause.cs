using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansLb.Core;
using StackExchange.Redis;

namespace OrleansLb.Clustering.Membership;

/// <summary>Holds up the start of a silo that finds no member in Redis, until there is one or its patience is over.</summary>
internal sealed partial class EmptyRedisPause(
    TimeSpan patience,
    MembershipTable table,
    [FromKeyedServices(Clocks.Key)] TimeProvider clock,
    ILogger<EmptyRedisPause> logger) : ILifecycleParticipant<ISiloLifecycle>
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(200);

    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(nameof(EmptyRedisPause), ServiceLifecycleStage.First, Wait);

    private async Task Wait(CancellationToken cancellationToken)
    {
        if (patience == TimeSpan.Zero)
            return;
        await using var connection = await table.Connect();
        var began = clock.GetTimestamp();
        var isSaid = false;
        while (await HasNoMember(connection.GetDatabase()) && clock.GetElapsedTime(began) < patience)
        {
            if (!isSaid)
                LogWaiting(logger, patience);
            isSaid = true;
            await Task.Delay(Period, clock, cancellationToken);
        }
    }

    private async Task<bool> HasNoMember(IDatabase database)
    {
        try
        {
            return (await table.Read(database)).Rows.IsEmpty;
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            // The silo reads it too a moment later, and says what it cannot reach.
            return false;
        }
    }
}
