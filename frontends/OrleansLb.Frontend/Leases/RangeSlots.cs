using Microsoft.Extensions.Logging;
using OrleansLb.Contracts;
using OrleansLb.Contracts.RateLimits;
using OrleansLb.Core.Concurrency.Keys;
using OrleansLb.Core.RateLimiting;
using OrleansLb.Frontend.Cluster;
using OrleansLb.Frontend.Reporting;

namespace OrleansLb.Frontend.Leases;

/// <summary>
/// A front-end's conversation with one range of a limit of requests in flight. It lasts while keys of the range have or want slots here, with one call outstanding at a
/// time.
/// </summary>
internal sealed partial class RangeSlots : IDisposable
{
    private readonly string _grainKey;
    private readonly LinkedGrain<IRateLimitRangeGrain> _grain;
    private readonly ClusterContact _contact;
    private readonly LimitShare _share;
    private readonly LimitClock _clock;
    private readonly ILogger _logger;
    private readonly ExchangeSignal _signal;
    private int _running;
    private volatile bool _isInForce = true;

    public RangeSlots(
        string grainKey,
        FrontendIdentity identity,
        LimitRule rule,
        IClusterLink link,
        ClusterContact contact,
        LimitShare share,
        LimitClock clock,
        ILogger logger)
    {
        (_grainKey, _contact, _share, _clock, _logger) = (grainKey, contact, share, clock, logger);
        _grain = new LinkedGrain<IRateLimitRangeGrain>(link, grainKey);
        _signal = new ExchangeSignal(clock.Provider);
        Holder = new KeySlotHolder(identity.Id, identity.Incarnation, rule, _signal.Raise);
    }

    public KeySlotHolder Holder { get; }

    /// <summary>Waits for slots; ends at once when the client goes away.</summary>
    public async Task<KeySlotOutcome> Wait(PendingSlot pending, CancellationToken aborted)
    {
        LookForTheCluster();
        Holder.Wait(pending, _clock.Now);
        Start();
        await using var leaving = aborted.UnsafeRegister(_ => Holder.GiveUp(pending), null);
        return await pending.Decided;
    }

    /// <summary>Takes over changed numbers; everything is told anew.</summary>
    public void Reconfigure(LimitRule rule)
    {
        Holder.Reconfigure(rule);
        _isInForce = true;
        if (!Holder.IsIdle)
            Start();
    }

    /// <summary>Lets everybody in: the policy counts something else now.</summary>
    public void Dissolve(LimitRule rule)
    {
        _isInForce = false;
        Holder.Dissolve(rule);
        _signal.Raise();
    }

    public void Dispose() => _signal.Dispose();

    private void Start()
    {
        if (Volatile.Read(ref _running) == 0 && Interlocked.Exchange(ref _running, 1) == 0)
            _ = Run();
    }

    private async Task Run()
    {
        do
        {
            while (_isInForce && Next() is { } due)
            {
                if (due.ReportAt <= _clock.Now)
                    await Exchange();
                else
                    await _signal.Wait(Positive(due.LookAt - _clock.Now));
            }

            Volatile.Write(ref _running, 0);
            // Who came after the last look and before the mark was cleared did not start another loop.
        }
        while (_isInForce && !Holder.IsIdle && Interlocked.Exchange(ref _running, 1) == 0);
    }

    private (TimeSpan ReportAt, TimeSpan LookAt)? Next()
    {
        LookForTheCluster();
        Holder.Lapse(_clock.Now);
        return Holder.Due(_clock.Now);
    }

    // What a lease allows it allows until it ends; without one there is nothing to wait for when no silo answers.
    private void LookForTheCluster()
    {
        if (Holder.ShareParts == 0)
            Holder.ShareParts = _share.Parts;
        if (_contact.IsLost && Holder is { IsLeased: false, IsAlone: false })
            Holder.GoAlone();
    }

    private async Task Exchange()
    {
        var report = Holder.Begin(_clock.Now);
        try
        {
            if (_grain.Grain is { } grain && await grain.ExchangeSlots(report.ToWire()) is { } reply)
            {
                _contact.Made();
                if (Holder.TryAccept(reply.ToCore(), _clock.Now))
                    return;
            }
        }
        catch (Exception exception) when (GrainCall.IsFailure(exception))
        {
            LogNotAnswered(_logger, _grainKey, exception.Message);
        }

        Holder.Abandon();
    }

    private static TimeSpan Positive(TimeSpan time) => time > TimeSpan.Zero ? time : TimeSpan.Zero;
}
