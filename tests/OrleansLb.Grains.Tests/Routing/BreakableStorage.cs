using System.Collections.Concurrent;
using Orleans.Storage;

namespace OrleansLb.Grains.Tests.Routing;

/// <summary>Keeps state in memory, and holds up or fails writes while it is told to.</summary>
internal sealed class BreakableStorage : IGrainStorage
{
    private readonly ConcurrentDictionary<GrainId, object> _states = new();

    private readonly TaskCompletionSource _writing = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public volatile bool IsBroken;

    /// <summary>What the next writes wait for.</summary>
    public Task Hold { get; set; } = Task.CompletedTask;

    /// <summary>Completes when a held write has begun.</summary>
    public Task Writing => _writing.Task;

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (_states.TryGetValue(grainId, out var state))
            (grainState.State, grainState.RecordExists) = ((T)state, true);
        return Task.CompletedTask;
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (!Hold.IsCompleted)
            _writing.TrySetResult();
        await Hold;
        if (IsBroken)
            throw new IOException("The disk is full.");
        _states[grainId] = grainState.State!;
        grainState.RecordExists = true;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        _states.TryRemove(grainId, out _);
        return Task.CompletedTask;
    }
}
