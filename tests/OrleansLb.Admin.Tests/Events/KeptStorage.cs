using System.Collections.Concurrent;
using Orleans.Storage;

namespace OrleansLb.Admin.Tests.Events;

/// <summary>Grain storage that outlives a cluster, and loses the way to the log of events while it is told to.</summary>
internal sealed class KeptStorage : IGrainStorage
{
    private const string Log = "event-log";

    private readonly ConcurrentDictionary<GrainId, object> _states = new();

    /// <summary>Whether the log can neither be read nor written.</summary>
    public volatile bool IsLogAway;

    /// <summary>Whether a log was ever written.</summary>
    public bool HasLog => _states.Keys.Any(IsLog);

    /// <summary>Forgets all but the log.</summary>
    public void KeepOnlyLog()
    {
        foreach (var other in _states.Keys.Where(static id => !IsLog(id)))
            _states.TryRemove(other, out _);
    }

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        RequireWay(grainId);
        if (_states.TryGetValue(grainId, out var state))
            (grainState.State, grainState.RecordExists) = ((T)state, true);
        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        RequireWay(grainId);
        _states[grainId] = grainState.State!;
        grainState.RecordExists = true;
        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        _states.TryRemove(grainId, out _);
        return Task.CompletedTask;
    }

    private static bool IsLog(GrainId id) => id.Type.ToString() == Log;

    private void RequireWay(GrainId id)
    {
        if (IsLogAway && IsLog(id))
            throw new IOException("The store is away.");
    }
}
