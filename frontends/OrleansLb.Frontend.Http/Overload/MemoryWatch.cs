using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansLb.Core.Overload;
using OrleansLb.Frontend.Http.Hosting;

namespace OrleansLb.Frontend.Http.Overload;

/// <summary>Looks at the memory of the process, which includes what is not .NET's, as whoever kills processes for it does. Memory knows no time but the machine's.</summary>
internal sealed partial class MemoryWatch(
    OverloadGate gate,
    ConnectionMemory connections,
    IOptions<HttpFrontendOptions> options,
    ILogger<MemoryWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan HurriedPeriod = TimeSpan.FromMilliseconds(100);
    private const double HurryAbove = 0.5;

    // What a crowd needed once is given back within minutes, and what is needed all the time is hardly missed.
    private static readonly TimeSpan TrimPeriod = TimeSpan.FromSeconds(10);
    private const double TrimmedPart = 0.1;

    private OverloadState _state;
    private long _trimmedAt;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var limit = options.Value.MemoryLimit ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        for (var period = Period; !stoppingToken.IsCancellationRequested;)
        {
            await Task.Delay(period, TimeProvider.System, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var used = Environment.WorkingSet;
            Look(used, limit);
            period = used < limit * HurryAbove ? Period : HurriedPeriod;
        }
    }

    private void Look(long used, long limit)
    {
        var step = OverloadMachine.Observe(_state, (double)used / limit, TimeProvider.System.GetElapsedTime(0));
        if (step.Next.Level != _state.Level)
            LogShort(logger, used >> 20, limit >> 20, step.Next.Level);
        _state = step.Next;
        gate.Level = step.Next.Level;
        if (step.Collect)
            GiveBack();
        else if (TimeProvider.System.GetElapsedTime(_trimmedAt) >= TrimPeriod)
            Trim(TrimmedPart);
    }

    private void GiveBack()
    {
        Trim(part: 1);
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }

    private void Trim(double part)
    {
        _trimmedAt = TimeProvider.System.GetTimestamp();
        connections.Trim(part);
    }
}
