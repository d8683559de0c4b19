using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Streams;
using OrleansLb.Contracts.Events;
using OrleansLb.Core;
using OrleansLb.Grains.Diagnostics;

namespace OrleansLb.Grains.Events;

/// <summary>
/// Gives events to the stream, behind the backs of those who tell them: telling one never waits. What the stream does not take is tried
/// again for half a minute, longer than a cluster takes to notice that the silo which held it is dead; then it is lost, and counted.
/// </summary>
internal sealed partial class EventPublisher(
    IServiceProvider services,
    ILocalSiloDetails silo,
    EventMetrics metrics,
    [FromKeyedServices(Clocks.Key)] TimeProvider clock,
    ILogger<EventPublisher> logger) : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private const int Backlog = 1000;
    private const int LargestBatch = 100;
    private const int LongestText = 500;

    private static readonly TimeSpan RetryPeriod = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Channel<ClusterEvent> _events = Channel.CreateBounded<ClusterEvent>(
        new BoundedChannelOptions(Backlog) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });

    private readonly CancellationTokenSource _stop = new();
    private readonly string _source = silo.SiloAddress.ToString();
    private long _sequence;
    private Task _pumping = Task.CompletedTask;

    /// <summary>Name of this silo, for what it does of itself.</summary>
    public string Name => silo.Name;

    /// <summary>Tells an event.</summary>
    /// <param name="happened">What happened; when and who says so is filled in here.</param>
    public void Publish(ClusterEvent happened)
    {
        if (!_events.Writer.TryWrite(happened with { When = clock.GetUtcNow(), Detail = Cut(happened.Detail) }))
            metrics.Overflowed();
    }

    public void Participate(ISiloLifecycle lifecycle) =>
        lifecycle.Subscribe(nameof(EventPublisher), ServiceLifecycleStage.Active, Start, Stop);

    public void Dispose() => _stop.Dispose();

    private static string Cut(string text) => text.Length <= LongestText ? text : text[..LongestText] + "…";

    private Task Start(CancellationToken cancellationToken)
    {
        if (services.GetKeyedService<IStreamProvider>(ClusterEventStream.ProviderName) is { } provider)
            _pumping = Task.Run(() => Pump(provider.GetStream<ClusterEvent>(StreamId.Create(ClusterEventStream.Namespace, ClusterEventStream.Key))), CancellationToken.None);
        return Task.CompletedTask;
    }

    private async Task Stop(CancellationToken cancellationToken)
    {
        _events.Writer.TryComplete();
        await _stop.CancelAsync();
        await _pumping;
    }

    private async Task Pump(IAsyncStream<ClusterEvent> stream)
    {
        var batch = new List<ClusterEvent>(LargestBatch);
        while (await _events.Reader.WaitToReadAsync(CancellationToken.None))
        {
            batch.Clear();
            while (batch.Count < LargestBatch && _events.Reader.TryRead(out var next))
                batch.Add(next with { Source = _source, Sequence = ++_sequence });
            await Give(stream, batch);
        }
    }

    private async Task Give(IAsyncStream<ClusterEvent> stream, List<ClusterEvent> batch)
    {
        var began = clock.GetTimestamp();
        while (true)
        {
            try
            {
                await stream.OnNextBatchAsync(batch.ToArray());
                metrics.Published(batch.Count);
                return;
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                if (_stop.IsCancellationRequested || clock.GetElapsedTime(began) > Patience)
                {
                    metrics.Refused(batch.Count);
                    LogLost(logger, batch.Count, exception.Message);
                    return;
                }
            }

            await Task.Delay(RetryPeriod, clock, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
