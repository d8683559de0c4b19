using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Utilities;
using OrleansLb.Configuration;
using OrleansLb.Contracts.Events;
using OrleansLb.Contracts.Frontends;
using OrleansLb.Contracts.Routing;
using OrleansLb.Core;
using OrleansLb.Core.Affinity;
using OrleansLb.Core.Configuration;
using OrleansLb.Grains.Events;
using OrleansLb.Grains.Hosting;

namespace OrleansLb.Grains.Routing;

/// <summary>
/// Keeps the version line: compiles what is handed in, stores what it accepts before anybody is told, and tells silos and front-ends.
/// A twin of this grain on a silo that was cut off fails to store, because the store compares versions of the state.
/// </summary>
[GrainType("config"), KeepAlive]
internal sealed partial class ConfigGrain(
    [PersistentState("config", GrainsSiloBuilderExtensions.StorageName)] IPersistentState<ConfigState> stored,
    ConfigurationCompiler compiler,
    ConfigMetrics metrics,
    IConfigWitnesses witnesses,
    EventPublisher events,
    IConfigurationView configuration,
    [FromKeyedServices(Clocks.Key)] TimeProvider clock,
    ILogger<ConfigGrain> logger) : Grain, IConfigGrain
{
    private static readonly TimeSpan CheckPeriod = TimeSpan.FromSeconds(1);

    /// <summary>What the history names as the source of a version that silos gave back.</summary>
    private const string LostStore = "silos, after the store was lost";

    private static readonly TimeSpan FollowerLifetime = TimeSpan.FromMinutes(1);

    private readonly ObserverManager<IConfigObserver> _followers = new(FollowerLifetime, logger) { GetDateTime = () => clock.GetUtcNow().UtcDateTime };
    private ConfigurationState _state = ConfigurationState.Empty;
    private ConfigurationDocument? _document;
    private ConfigurationRefusal? _lastRefusal;
    private long _highestHeard;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Adopt(stored.State.ToModel());
        HearAnew();
        this.RegisterGrainTimer(Check, new GrainTimerCreationOptions(CheckPeriod, CheckPeriod));
        return Task.CompletedTask;
    }

    public async ValueTask<SubmitReply> Submit(SubmitRequest request)
    {
        _highestHeard = Math.Max(_highestHeard, request.KnownVersion);
        var reply = await Judge(request);
        ForgetRefusal(request.Source, reply.Outcome);
        metrics.Submitted(reply.Outcome);
        return reply;
    }

    public async ValueTask<SubmitReply> RollBack(long version, string administrator)
    {
        if (!await HearEverybody(LongestHearing))
            return Postpone(administrator);
        if (_state.Find(version) is not { } entry)
            return Reply(SubmitOutcome.UnknownVersion);
        if (entry.Digest == _state.Digest)
            return Reply(SubmitOutcome.Unchanged);
        return await Accept(SubmissionKind.Administrator, administrator, entry.Digest, ImmutableCollectionsMarshal.AsArray(entry.Settings)!, isReturn: true);
    }

    public ValueTask<ConfigurationDocument?> Get(long knownVersion)
    {
        _highestHeard = Math.Max(_highestHeard, knownVersion);
        return new(_document?.Version > knownVersion ? _document : null);
    }

    public async ValueTask<ConfigurationDocument?> GetWithoutKeys(long knownVersion) => (await Get(knownVersion))?.WithoutKeys();

    public async ValueTask<FollowReply> Follow(IConfigObserver observer, string silo, long knownVersion)
    {
        _followers.Subscribe(observer, observer);
        return new FollowReply(_state.Version, await Get(knownVersion), _state.Files.Any(file => file.Source == silo));
    }

    public async ValueTask<SubmitReply> Restore(ConfigurationDocument document)
    {
        if (document.Version <= _state.Version)
            return Reply(SubmitOutcome.Unchanged);
        var package = document.ToPackage();
        var result = await Compile(package);
        if (result.Configuration is not { } compiled)
            return Refuse(LostStore, result);
        var entry = new ConfigurationVersion(document.Version, document.Digest, LostStore, clock.GetUtcNow(), ImmutableCollectionsMarshal.AsImmutableArray(document.Settings));
        if (!await Store(ConfigurationMachine.Restore(_state, document.Version, entry, compiled.Generations, package.Keys)))
            return Reply(SubmitOutcome.NotStored);
        LogRestored(logger, _state.Version);
        Tell(ClusterEventKind.ConfigurationAccepted, $"version {_state.Version} is in force again", LostStore);
        await Tell();
        return Reply(SubmitOutcome.Accepted);
    }

    public ValueTask<ConfigurationStatus> GetStatus() => new(new ConfigurationStatus(
        _state.Version,
        _state.Digest,
        _state.Current?.Source ?? "",
        _state.Current?.When ?? default,
        _lastRefusal,
        [.. _state.DivergentSources],
        [.. _state.History.Reverse().Select(static entry => new ConfigurationHistoryEntry(entry.Version, entry.Digest, entry.Source, entry.When))])
    {
        Trial = _state.Trial?.ToWire(),
        LastRollback = _state.LastRollback?.ToWire(),
    });

    private void Tell(ClusterEventKind kind, string detail, string by) =>
        events.Publish(new ClusterEvent { Kind = kind, Version = _state.Version, Detail = detail, By = by });

    private IFrontendDirectoryGrain Directory => GrainFactory.GetGrain<IFrontendDirectoryGrain>(IFrontendDirectoryGrain.Key);

    private async Task<SubmitReply> Judge(SubmitRequest request)
    {
        var kind = request.IsFile ? SubmissionKind.File : SubmissionKind.Administrator;
        bool IsNews() => ConfigurationMachine.Judge(_state, kind, request.Source, request.Digest) == SubmissionOutcome.Accepted;
        // What an administrator sends counts against what is in force, not against what a store that was set back takes for it.
        if ((IsNews() || !request.IsFile) && !await HearEverybody(LongestHearing))
            return Postpone(request.Source);
        return IsNews() ? await Accept(kind, request.Source, request.Digest, request.Settings) : await TakeNote(request);
    }

    /// <summary>Whose file was refused and says something else now, which is not, has nothing refused any more.</summary>
    private void ForgetRefusal(string source, SubmitOutcome outcome)
    {
        if (outcome is SubmitOutcome.Unchanged or SubmitOutcome.Divergent && _lastRefusal?.Source == source)
            _lastRefusal = null;
    }

    private SubmitReply Postpone(string source)
    {
        LogPostponed(logger, source);
        return Reply(SubmitOutcome.NotStored);
    }

    private async Task<SubmitReply> TakeNote(SubmitRequest request)
    {
        var outcome = ConfigurationMachine.Judge(_state, SubmissionKind.File, request.Source, request.Digest);
        if (!request.IsFile)
            return Reply(SubmitOutcome.Unchanged);
        var noted = ConfigurationMachine.Remember(_state, request.Source, request.Digest);
        if (!ReferenceEquals(noted, _state) && !await Store(noted))
            return Reply(SubmitOutcome.NotStored);
        if (outcome == SubmissionOutcome.TakenBack)
            return Reply(SubmitOutcome.TakenBack);
        if (outcome != SubmissionOutcome.Divergent)
            return Reply(SubmitOutcome.Unchanged);
        LogDivergent(logger, request.Source, _state.Version);
        return Reply(SubmitOutcome.Divergent);
    }

    /// <param name="kind">Who hands it in.</param>
    /// <param name="source">Its name.</param>
    /// <param name="digest">Digest of the settings.</param>
    /// <param name="settings">The settings, packed.</param>
    /// <param name="isReturn">Whether somebody chose a version to return to: that is not judged, or the way out of an incident would be barred.</param>
    private async Task<SubmitReply> Accept(SubmissionKind kind, string source, string digest, byte[] settings, bool isReturn = false)
    {
        var line = ConfigurationMachine.Report(_state, _highestHeard);
        var result = await Compile(digest, settings, line.NextVersion, line.Generations);
        if (result.Configuration is null)
            return Refuse(source, result);
        var submission = new ConfigurationSubmission(
            kind,
            source,
            digest,
            ImmutableCollectionsMarshal.AsImmutableArray(settings),
            result.Configuration.Generations,
            clock.GetUtcNow())
        {
            Trial = isReturn ? null : TrialOf(result.Configuration, line, digest),
        };
        if (!await Store(ConfigurationMachine.Submit(WithKeys(line), submission).State))
            return Reply(SubmitOutcome.NotStored);
        WatchAnew();
        _lastRefusal = null;
        LogAccepted(logger, _state.Version, source, _state.Digest);
        Tell(ClusterEventKind.ConfigurationAccepted, $"version {_state.Version} is in force", source);
        await Tell();
        return Reply(SubmitOutcome.Accepted) with { Warnings = [.. result.Warnings.Select(ToWire)] };
    }

    private SubmitReply Refuse(string source, CompilationResult result)
    {
        ImmutableArray<SettingProblem> errors = [.. result.Errors.Select(ToWire)];
        _lastRefusal = new ConfigurationRefusal(source, clock.GetUtcNow(), errors);
        LogRefused(logger, source, errors.Length, _state.Version);
        Tell(ClusterEventKind.ConfigurationRefused, $"{errors.Length} errors, the first: {errors.Select(static error => $"{error.Path}: {error.Message}").FirstOrDefault()}", source);
        return Reply(SubmitOutcome.Refused) with { Errors = errors };
    }

    private Task<CompilationResult> Compile(string digest, byte[] settings, long version, GenerationLedger generations) =>
        Compile(new ConfigurationPackage(version, digest, settings, PackedGenerations.Pack(generations), KeyRing.Empty));

    /// <summary>Compiles away from the grain's turn: 100,000 routes take seconds, and readers need not wait for them.</summary>
    private Task<CompilationResult> Compile(ConfigurationPackage package) => Task.Run(() =>
    {
        try
        {
            return compiler.Compile(package);
        }
        catch (InvalidDataException exception)
        {
            return new CompilationResult(null, [new ConfigurationError("", exception.Message)], []);
        }
    });

    /// <summary>A first ring may seal at once: whoever serves the version that brings it can open its cookies.</summary>
    private ConfigurationState WithKeys(ConfigurationState state)
    {
        if (!state.Keys.Keys.IsEmpty)
            return state with { Keys = NewKeyRing.WithSessionSecret(state.Keys) };
        var ring = NewKeyRing.Create();
        var isFirst = state.HighestReported == 0;
        return state with
        {
            Keys = isFirst ? KeyRingMachine.Acknowledge(ring, [.. ring.Keys.Select(static key => key.Id)]) : ring,
            KeysSince = clock.GetUtcNow(),
        };
    }

    /// <summary>Writes a state through to the store; only then is it this grain's.</summary>
    private async Task<bool> Store(ConfigurationState next)
    {
        try
        {
            stored.State = next.ToStored();
            await stored.WriteStateAsync();
            Adopt(next);
            return true;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            LogNotStored(logger, exception);
            await Reread();
            return false;
        }
    }

    /// <summary>After a failed write the store may hold the old or the new state: what it holds is what counts.</summary>
    private async Task Reread()
    {
        try
        {
            await stored.ReadStateAsync();
            var was = _state;
            Adopt(stored.State.ToModel());
            if (_state.Version < was.Version)
            {
                // The store has lost it. A file that this grain knew would otherwise pass for a silo's first, which does not count.
                _state = _state with { Files = was.Files };
                _highestHeard = Math.Max(_highestHeard, was.Version);
                HearAnew();
            }
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            LogNotStored(logger, exception);
            DeactivateOnIdle();
        }
    }

    private void Adopt(ConfigurationState state)
    {
        if (_document is null || state.Version != _state.Version)
            _document = state.ToDocument();
        _state = state;
    }

    private SubmitReply Reply(SubmitOutcome outcome) => new(outcome, _state.Version, [], []);

    private static SettingProblem ToWire(ConfigurationError error) => new(error.Path, error.Message);
}
