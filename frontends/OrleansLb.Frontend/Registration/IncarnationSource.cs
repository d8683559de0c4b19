using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansLb.Core;
using OrleansLb.Frontend.Snapshots;

namespace OrleansLb.Frontend.Registration;

/// <summary>
/// Numbers the starts of this front-end: milliseconds of the wall clock, but above the last number whatever the clock says, because
/// grains take a lower one for a message of a process that is gone and refuse it. The last one is on disk before the next is used.
/// Where the disk cannot help, the clock alone has to do, and one that went back is refused until it has caught up.
/// </summary>
internal sealed class IncarnationSource(
    IOptions<FrontendOptions> options,
    DataFileMetrics metrics,
    [FromKeyedServices(Clocks.Key)] TimeProvider clock,
    ILogger<IncarnationSource> logger)
{
    /// <summary>No clock gets there: a number above it is damage, and leaves no room to count on.</summary>
    private static readonly long Highest = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    private readonly DataFile _file = new(options.Value, "incarnation", "after another start with a clock that went back, the cluster would refuse this front-end", metrics, logger);

    /// <summary>The number of the start that asks.</summary>
    public long Next()
    {
        var next = Math.Max(clock.GetUtcNow().ToUnixTimeMilliseconds(), Last() + 1);
        _file.TryWrite(new StoredIncarnation(next), DataJson.Default.StoredIncarnation);
        return next;
    }

    private long Last()
    {
        if (_file.Read(DataJson.Default.StoredIncarnation) is not { } stored)
            return 0;
        if (stored.Incarnation > 0 && stored.Incarnation < Highest)
            return stored.Incarnation;
        _file.Reject($"{stored.Incarnation} is not the number of a start.");
        return 0;
    }
}
