using System.Collections.Concurrent;
using Orleans.Storage;

namespace OrleansLb.Grains.Tests.Routing;

/// <summary>Keeps state in memory, and holds up or fails writes while it is told to.</summary>
internal sealed class BreakableStorage : IGrainStorage
{
    private readonly ConcurrentDictionary<GrainId, object> _states = new();

    private readonly TaskCompletionSource _writing = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly ConcurrentDictionary<Type, TaskCompletionSource> _heldWrites = new();

    private Action<object>? _written;

    public volatile bool IsBroken;

    private int _writes;

    /// <summary>Writes that were carried out.</summary>
    public int Writes => Volatile.Read(ref _writes);

    /// <summary>Which grains' states cannot be read.</summary>
    public Func<GrainId, bool> IsUnreadable { get; set; } = static _ => false;

    /// <summary>What the next writes wait for.</summary>
    public Task Hold { get; set; } = Task.CompletedTask;

    /// <summary>Completes when a held write has begun.</summary>
    public Task Writing => _writing.Task;

    /// <summary>Completes when a held write of one kind of state has begun.</summary>
    public Task HeldWriteOf<T>() => HeldWrite(typeof(T)).Task;

    private TaskCompletionSource HeldWrite(Type state) =>
        _heldWrites.GetOrAdd(state, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (IsUnreadable(grainId))
            throw new IOException("The store is away.");
        if (_states.TryGetValue(grainId, out var state))
            (grainState.State, grainState.RecordExists) = ((T)state, true);
        return Task.CompletedTask;
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (!Hold.IsCompleted)
        {
            HeldWrite(typeof(T)).TrySetResult();
            _writing.TrySetResult();
        }

        await Hold;
        if (IsBroken)
            throw new IOException("The disk is full.");
        Interlocked.Increment(ref _writes);
        _states[grainId] = grainState.State!;
        grainState.RecordExists = true;
        _written?.Invoke(grainState.State!);
    }

    /// <summary>Completes when a state is written of which something is true.</summary>
    public async Task Holds<T>(Func<T, bool> isTrue)
    {
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look(object state)
        {
            if (state is T typed && isTrue(typed))
                held.TrySetResult();
        }

        _written += Look;
        _states.Values.ToList().ForEach(Look);
        await held.Task.WaitAsync(TimeSpan.FromSeconds(30));
        _written -= Look;
    }

    /// <summary>Forgets everything, as a store that was lost.</summary>
    public void Lose() => _states.Clear();

    /// <summary>What is stored now, to set the store back to.</summary>
    public IReadOnlyDictionary<GrainId, object> Backup() => _states.ToDictionary();

    /// <summary>Goes back to what was stored before, as a store that is restored from a backup.</summary>
    public void SetBack(IReadOnlyDictionary<GrainId, object> backup)
    {
        Lose();
        foreach (var (grainId, state) in backup)
            _states[grainId] = state;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        _states.TryRemove(grainId, out _);
        return Task.CompletedTask;
    }
}
