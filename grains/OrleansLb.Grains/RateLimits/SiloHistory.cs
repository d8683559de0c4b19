using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansLb.Core;

namespace OrleansLb.Grains.RateLimits;

/// <summary>
/// Whether a silo that is gone may have carried a directory of front-ends before the present one. Without such a silo the directory
/// has seen everybody since the cluster began, so that a cluster that just started need not assume the worst.
/// </summary>
internal sealed partial class SiloHistory(
    IMembershipTable table,
    [FromKeyedServices(Clocks.Key)] TimeProvider clock,
    ILogger<SiloHistory> logger)
{
    /// <summary>How stale the sign of life in the table may be, and how much later than that a silo may have died.</summary>
    private static readonly TimeSpan SignOfLifePeriod = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan TableTimeout = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan CacheLifetime = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private Task<MembershipTableData>? _read;
    private long _readAt;

    /// <summary>Whether no silo that is gone was alive both within the horizon and before the directory began.</summary>
    public async Task<bool> IsNothingForgotten(TimeSpan horizon, TimeSpan directoryAge)
    {
        try
        {
            var data = await Read().WaitAsync(TableTimeout, clock);
            var now = clock.GetUtcNow().UtcDateTime;
            return data.Members.All(member => member.Item1 is var silo
                && (silo.Status is SiloStatus.Created or SiloStatus.Joining or SiloStatus.Active
                    || silo.IAmAliveTime + SignOfLifePeriod < now - horizon
                    || silo.StartTime > now - directoryAge));
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Whatever the store of the membership throws, the answer is that nothing is certain.
            LogNotRead(logger, exception.Message);
            return false;
        }
    }

    private Task<MembershipTableData> Read()
    {
        lock (_lock)
        {
            if (_read is null || clock.GetElapsedTime(_readAt) > CacheLifetime)
            {
                _readAt = clock.GetTimestamp();
                _read = table.ReadAllAsync(CancellationToken.None);
            }

            return _read;
        }
    }
}
