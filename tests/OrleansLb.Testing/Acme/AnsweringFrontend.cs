using System.Collections.Immutable;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OrleansLb.Contracts.Acme;

namespace OrleansLb.Testing.Acme;

/// <summary>A front-end that does nothing but follow the cluster's orders and answer their challenges.</summary>
public sealed class AnsweringFrontend : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly List<(Func<bool> Condition, TaskCompletionSource Met)> _waits = [];
    private readonly IGrainFactory _grains;
    private readonly string _id;
    private readonly WebApplication _server;
    private volatile AcmeChallenges? _challenges;
    private volatile AcmeCertificates? _certificates;
    private ImmutableHashSet<string> _tokens = [];
    private Task _following = Task.CompletedTask;

    private AnsweringFrontend(IGrainFactory grains, string id, WebApplication server) => (_grains, _id, _server) = (grains, id, server);

    /// <summary>Whether it says that it can answer what it can.</summary>
    public bool SaysSo { get; set; } = true;

    /// <summary>Whether it answers.</summary>
    public bool AnswersChallenges { get; set; } = true;

    /// <summary>Where it answers.</summary>
    public int Port => new Uri(_server.Urls.Single()).Port;

    /// <summary>The certificates that it was given last.</summary>
    public ImmutableArray<AcmeCertificate> Certificates => _certificates?.All ?? [];

    /// <summary>Every token that it was ever told of.</summary>
    public ImmutableHashSet<string> Tokens => _tokens;

    /// <summary>Starts one.</summary>
    /// <param name="grains">The way to the grains.</param>
    /// <param name="id">Its id.</param>
    public static async Task<AnsweringFrontend> Start(IGrainFactory grains, string id)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var server = builder.Build();
        var frontend = new AnsweringFrontend(grains, id, server);
        server.Run(frontend.Answer);
        await server.StartAsync();
        frontend._following = frontend.Follow();
        return frontend;
    }

    /// <summary>Completes when something is so; fails after a minute.</summary>
    /// <param name="condition">What.</param>
    /// <param name="what">What it is called.</param>
    public async Task Reaches(Func<bool> condition, string what)
    {
        var met = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
            _waits.Add((condition, met));
        Look();
        try
        {
            await met.Task.WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"Within {Patience} {_id} has not seen {what}. The cluster says: {await _grains.GetGrain<IAcmeGrain>(IAcmeGrain.Key).GetStatus()}");
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _server.DisposeAsync();
        _stop.Dispose();
    }

    private Task Answer(HttpContext context)
    {
        if (AnswersChallenges && _challenges?.Answers.GetValueOrDefault(context.Request.Path.Value!.Split('/')[^1]) is { } answer)
            return context.Response.WriteAsync(answer);
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    private async Task Follow()
    {
        using var timer = new PeriodicTimer(Period);
        do
        {
            try
            {
                var news = await _grains.GetGrain<IAcmeGrain>(IAcmeGrain.Key).Follow(new AcmeQuery(_id, SaysSo ? _challenges?.Stamp ?? "" : "", _certificates?.Stamp ?? ""));
                (_challenges, _certificates) = (news.Challenges ?? _challenges, news.Certificates ?? _certificates);
                _tokens = _tokens.Union(_challenges?.Answers.Keys ?? []);
                Look();
            }
            catch (Exception exception) when (exception is OrleansException or TimeoutException)
            {
                // The silo that was asked is gone; the next turn asks another.
                continue;
            }
        }
        while (await timer.WaitForNextTickAsync(_stop.Token));
    }

    private void Look()
    {
        lock (_gate)
            _waits.RemoveAll(static wait => wait.Condition() && wait.Met.TrySetResult());
    }
}
