using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Orleans.Configuration;
using OrleansLb.Configuration;
using OrleansLb.Contracts;
using OrleansLb.Contracts.Routing;
using OrleansLb.Core;

namespace OrleansLb.Grains.Routing;

/// <summary>
/// Hands this silo's file in, at the start and whenever it changes. A file without any cluster-wide setting says nothing about the
/// cluster and is not handed in.
/// </summary>
internal sealed partial class ConfigurationSubmitter(
    IGrainFactory grains,
    IConfiguration configuration,
    ConfigurationFollower followed,
    ConfigMetrics metrics,
    IOptions<SiloOptions> silo,
    [FromKeyedServices(Clocks.Key)] TimeProvider clock,
    ILogger<ConfigurationSubmitter> logger) : BackgroundService
{
    private static readonly TimeSpan RetryPeriod = TimeSpan.FromSeconds(1);

    private readonly SignalledDelay _next = new(RetryPeriod, clock);
    private volatile bool _isNoted;
    private volatile string _noted = "";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        using var changes = ChangeToken.OnChange(configuration.GetReloadToken, _next.Signal);
        followed.OwnFileUnknown += RepeatWhatWasNoted;
        followed.Changed += AskAboutWhatWasNoted;
        var pending = SettingsDocument.From(configuration);
        while (!stoppingToken.IsCancellationRequested)
        {
            if (pending is not null && await TrySubmit(pending))
                pending = null;
            if (await _next.Wait(stoppingToken))
                pending = SettingsDocument.From(configuration);
        }

        followed.Changed -= AskAboutWhatWasNoted;
        followed.OwnFileUnknown -= RepeatWhatWasNoted;
    }

    /// <summary>A store that was lost forgot what this file said: without it, the next edit would look like the file of a stranger.</summary>
    private void RepeatWhatWasNoted()
    {
        if (_isNoted)
            _next.Signal();
    }

    /// <summary>This silo's file may have been taken back, or count again: nobody else tells whoever edits it.</summary>
    private void AskAboutWhatWasNoted(CompiledConfiguration inForce)
    {
        if (_isNoted && inForce.Snapshot.Digest != _noted)
            _next.Signal();
    }

    /// <summary>Whether the document needs no further attempt.</summary>
    private async Task<bool> TrySubmit(SettingsDocument document)
    {
        if (document.Settings.IsEmpty)
            return true;
        try
        {
            var request = new SubmitRequest(silo.Value.SiloName, IsFile: true, document.Digest, document.Pack(), followed.Current.Snapshot.Version);
            var isDone = Report(await Grain.Submit(request));
            _noted = document.Digest;
            return isDone;
        }
        catch (Exception exception) when (GrainCall.IsFailure(exception))
        {
            LogNotSubmitted(logger, exception.Message);
            return false;
        }
    }

    private IConfigGrain Grain => grains.GetGrain<IConfigGrain>(IConfigGrain.Key);

    private bool Report(SubmitReply reply)
    {
        metrics.OwnFile(reply.Outcome is SubmitOutcome.Refused or SubmitOutcome.TakenBack);
        _isNoted = reply.Outcome is SubmitOutcome.Accepted or SubmitOutcome.Unchanged or SubmitOutcome.Divergent or SubmitOutcome.TakenBack;
        foreach (var warning in reply.Warnings)
            LogWarning(logger, warning.Path, warning.Message);
        foreach (var error in reply.Errors)
            LogError(logger, error.Path, error.Message);
        switch (reply.Outcome)
        {
            case SubmitOutcome.Refused:
                LogRefused(logger, reply.Errors.Length, reply.Version);
                break;
            case SubmitOutcome.Divergent:
                LogDivergent(logger, reply.Version);
                break;
            case SubmitOutcome.TakenBack:
                LogTakenBack(logger, reply.Version);
                break;
            case SubmitOutcome.NotStored:
                LogNotSubmitted(logger, "it could not be stored.");
                return false;
        }

        return true;
    }
}
