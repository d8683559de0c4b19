using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.ObjectPool;
using OrleansLb.Core;
using OrleansLb.Frontend.Http.Limits;

namespace OrleansLb.Frontend.Http.Forwarding;

/// <summary>Keeps the objects of requests that are over for others to come; each has a buffer and a timer.</summary>
internal sealed class ExchangePool(
    BackendDialer dialer,
    FieldRules rules,
    ForwardingTimes times,
    ForwardingMetrics metrics,
    [FromKeyedServices(Clocks.Key)] TimeProvider clock,
    ILogger<DirectForwarder> logger) : ObjectPool<DirectExchange>, IDisposable
{
    private const int MostKept = 1024;

    private readonly ConcurrentQueue<DirectExchange> _kept = [];
    private int _count;

    public override DirectExchange Get()
    {
        if (!_kept.TryDequeue(out var exchange))
            return new DirectExchange(this, dialer, rules, times, metrics, clock, logger);
        Interlocked.Decrement(ref _count);
        return exchange;
    }

    public override void Return(DirectExchange obj)
    {
        if (Interlocked.Increment(ref _count) <= MostKept)
        {
            _kept.Enqueue(obj);
            return;
        }

        Interlocked.Decrement(ref _count);
        obj.Dispose();
    }

    public void Dispose()
    {
        while (_kept.TryDequeue(out var exchange))
            exchange.Dispose();
    }
}
