using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansLb.Configuration;
using OrleansLb.Contracts;
using OrleansLb.Contracts.Acme;
using OrleansLb.Core;
using OrleansLb.Frontend.Cluster;

namespace OrleansLb.Frontend.Http.Acme;

/// <summary>Asks once a second what is new of the cluster's orders, while the configuration has any, and says thereby what this front-end can answer.</summary>
internal sealed partial class AcmeFollower(
    FrontendIdentity identity,
    IClusterLink link,
    IConfigurationView configuration,
    ChallengeBook challenges,
    ClusterCertificates certificates,
    [FromKeyedServices(Clocks.Key)] TimeProvider clock,
    ILogger<AcmeFollower> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly LinkedGrain<IAcmeGrain> _orders = new(link, IAcmeGrain.Key);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            var snapshot = configuration.Current.Snapshot;
            if (snapshot.Acme is not null)
                await Ask();
            else if (snapshot.Version > 0)
                Forget();
            await Task.Delay(Period, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task Ask()
    {
        if (_orders.Grain is not { } orders)
            return;
        try
        {
            var news = await orders.Follow(new AcmeQuery(identity.Id, challenges.Stamp, certificates.Stamp));
            if (news.Challenges is { } open)
                challenges.Take(open);
            if (news.Certificates is { } issued)
                certificates.Take(issued);
        }
        catch (Exception exception) when (GrainCall.IsFailure(exception))
        {
            // What is known serves on.
            LogNotAsked(logger, exception.Message);
        }
    }

    private void Forget()
    {
        challenges.Clear();
        certificates.Clear();
    }
}
