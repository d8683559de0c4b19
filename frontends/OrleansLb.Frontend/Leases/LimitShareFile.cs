using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansLb.Core;
using OrleansLb.Frontend.Snapshots;

namespace OrleansLb.Frontend.Leases;

/// <summary>
/// Keeps the share for the next process, which may have to start without the cluster. What cannot be trusted is no share, and limits
/// that need one are then refused until a silo answers.
/// </summary>
internal sealed class LimitShareFile(
    IOptions<FrontendOptions> options,
    DataFileMetrics metrics,
    [FromKeyedServices(Clocks.Key)] TimeProvider clock,
    ILogger<LimitShareFile> logger)
{
    private const int MostParts = 1_000_000;

    /// <summary>How far clocks are corrected without anybody noticing; the range sets shares aside for longer than that after their end.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(60);

    private readonly DataFile _file = new(options.Value, "limit-share", "a restart without silos would refuse limits that are shared", metrics, logger);

    /// <summary>What the process before was told, and how long ago the cluster had answered it; <see langword="null"/> for nothing to rely on.</summary>
    public (int Parts, TimeSpan Age)? Read()
    {
        if (_file.Read(DataJson.Default.StoredShare) is not { } stored)
            return null;
        var age = clock.GetUtcNow() - stored.HeardAt;
        if (Fault(stored, age) is { } fault)
        {
            // Out of the way, so that no later process takes it for what the cluster sets aside.
            _file.Reject(fault);
            return null;
        }

        return (stored.Parts, age > TimeSpan.Zero ? age : TimeSpan.Zero);
    }

    /// <summary>Replaces what is kept.</summary>
    /// <param name="parts">Number of parts.</param>
    /// <param name="silence">How long ago the cluster answered.</param>
    /// <returns>Whether the disk has it.</returns>
    public bool TryWrite(int parts, TimeSpan silence) =>
        _file.TryWrite(new StoredShare(options.Value.Id, parts, clock.GetUtcNow() - silence), DataJson.Default.StoredShare);

    /// <summary>Removes what is kept.</summary>
    /// <returns>Whether the disk has nothing any more.</returns>
    public bool TryDelete() => _file.TryDelete();

    private string? Fault(StoredShare stored, TimeSpan age)
    {
        if (stored.Parts is < 1 or > MostParts)
            return $"A limit is not divided into {stored.Parts} parts.";
        if (stored.FrontendId != options.Value.Id)
            return $"It was told to front-end {stored.FrontendId}.";
        return age < -ClockTolerance ? "It is from the future: the clock went back, and how old it is cannot be told." : null;
    }
}
