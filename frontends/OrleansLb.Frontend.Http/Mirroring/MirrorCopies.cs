using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Model;

namespace OrleansLb.Frontend.Http.Mirroring;

/// <summary>The copies that are on their way. Each is on its own; when the front-end has served its last request they are cut off.</summary>
internal sealed partial class MirrorCopies : IHostedService, IDisposable
{
    private readonly MirrorMetrics _metrics;
    private readonly IProxyStateLookup _proxies;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _end = new();
    private readonly CancellationToken _isOver;
    private TaskCompletionSource? _idle;
    private int _running;

    public MirrorCopies(MirrorMetrics metrics, IProxyStateLookup proxies, ILogger<MirrorCopies> logger)
    {
        (_metrics, _proxies, _logger) = (metrics, proxies, logger);
        _isOver = _end.Token;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Sends a copy, which has its place in flight.</summary>
    /// <param name="pipeline">What it goes through.</param>
    /// <param name="plan">What it is made by.</param>
    /// <param name="copy">The copy.</param>
    /// <param name="hasBody">Whether it has a body.</param>
    public void Send(MirrorPipeline pipeline, MirrorPlan plan, HttpContext copy, bool hasBody)
    {
        if (!TryBegin())
        {
            End(plan, MirrorOutcome.CutOff);
            return;
        }

        // On another thread, and without what belongs to the request, its trace among it.
        ThreadPool.UnsafeQueueUserWorkItem(
            static state => _ = state.Copies.Run(state.Pipeline, state.Plan, state.Copy, state.HasBody), (Copies: this, Pipeline: pipeline, Plan: plan, Copy: copy, HasBody: hasBody), preferLocal: false);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource idle;
        lock (_lock)
        {
            idle = _idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_running == 0)
                idle.TrySetResult();
        }

        await _end.CancelAsync();
        await idle.Task.WaitAsync(cancellationToken);
    }

    public void Dispose()
    {
        // Whoever ends without a goodbye leaves nothing behind either. Two names are registered for it, and it is disposed for each.
        if (!_isOver.IsCancellationRequested)
            _end.Cancel();
        _end.Dispose();
    }

    private async Task Run(MirrorPipeline pipeline, MirrorPlan plan, HttpContext copy, bool hasBody)
    {
        var outcome = MirrorOutcome.Failed;
        try
        {
            outcome = await Exchange(pipeline, plan, copy, hasBody);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            LogFailed(_logger, plan.Definition.Route, plan.Definition.Cluster, exception);
        }
        finally
        {
            End(plan, outcome);
            Ended();
        }
    }

    private async Task<MirrorOutcome> Exchange(MirrorPipeline pipeline, MirrorPlan plan, HttpContext copy, bool hasBody)
    {
        if (!_proxies.TryGetCluster(plan.Definition.Cluster, out var cluster))
            return MirrorOutcome.NoBackend;
        using var exchange = new MirroredExchange(plan, hasBody, _isOver);
        copy.Features.Set(exchange);
        copy.Features.Set<IHttpRequestLifetimeFeature>(exchange);
        copy.Features.Set<IHttpRequestBodyDetectionFeature>(exchange);
        var destinations = cluster.DestinationsState;
        copy.Features.Set<IReverseProxyFeature>(new ReverseProxyFeature
        {
            Route = plan.RouteTo(cluster),
            Cluster = cluster.Model,
            AllDestinations = destinations.AllDestinations,
            AvailableDestinations = destinations.AvailableDestinations,
        });
        await pipeline.Run(copy);
        return exchange.Outcome;
    }

    private void End(MirrorPlan plan, MirrorOutcome outcome)
    {
        plan.Share.Leave();
        _metrics.Ended(plan, outcome);
    }

    private bool TryBegin()
    {
        lock (_lock)
        {
            if (_idle is not null)
                return false;
            _running++;
            return true;
        }
    }

    private void Ended()
    {
        lock (_lock)
        {
            if (--_running == 0)
                _idle?.TrySetResult();
        }
    }
}
