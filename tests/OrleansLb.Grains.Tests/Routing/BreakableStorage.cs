using System.Collections.Concurrent;
using Orleans.Storage;

namespace OrleansLb.Grains.Tests.Routing;

/// <summary>Keeps state in memory, and fails while it is told to.</summary>
internal sealed class BreakableStorage : IGrainStorage
{
    private readonly ConcurrentDictionary<GrainId, object> _states = new();

    public volatile bool IsBroken;

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (_states.TryGetValue(grainId, out var state))
            (grainState.State, grainState.RecordExists) = ((T)state, true);
        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (IsBroken)
            throw new IOException("The disk is full.");
        _states[grainId] = grainState.State!;
        grainState.RecordExists = true;
        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        _states.TryRemove(grainId, out _);
        return Task.CompletedTask;
    }
}
