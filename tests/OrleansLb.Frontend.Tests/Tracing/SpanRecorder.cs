using System.Collections.Concurrent;
using System.Diagnostics;
using OrleansLb.Frontend.Http.Tracing;
using OrleansLb.Frontend.Tests.LoadBalancing;

namespace OrleansLb.Frontend.Tests.Tracing;

/// <summary>Listens to a source of the whole process.</summary>
internal sealed class SpanRecorder : IDisposable
{
    private readonly ConcurrentQueue<Activity> _ended = [];
    private readonly ActivityListener _listener;

    /// <param name="source">Its name.</param>
    /// <param name="sampling">What is read of each span.</param>
    internal SpanRecorder(string source = FrontendSpans.SourceName, ActivitySamplingResult sampling = ActivitySamplingResult.AllDataAndRecorded)
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = listened => listened.Name == source,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => sampling,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>The spans in the order of their ends, once there are so many.</summary>
    internal async Task<Activity[]> Ended(int count)
    {
        await Eventually.Is(() => _ended.Count >= count);
        Assert.Equal(count, _ended.Count);
        return [.. _ended];
    }

    public void Dispose() => _listener.Dispose();
}
