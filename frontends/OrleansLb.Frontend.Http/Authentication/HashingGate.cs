namespace OrleansLb.Frontend.Http.Authentication;

/// <summary>Lets so many hashes be made at once that the other half of the processor is left for requests, and so many wait that nobody waits for long. One for the process.</summary>
internal sealed class HashingGate : IDisposable
{
    /// <summary>How many may wait.</summary>
    internal const int MostWaiting = 64;

    private readonly int _most = Math.Max(1, Environment.ProcessorCount / 2);
    private readonly SemaphoreSlim _slots;
    private int _inside;

    public HashingGate() => _slots = new SemaphoreSlim(_most, _most);

    /// <summary>Makes a hash on a thread of its own: where requests are read it would hold up others.</summary>
    /// <returns><see langword="null"/> when as many wait as may.</returns>
    public async Task<bool?> Run(Func<bool> hash)
    {
        try
        {
            return Interlocked.Increment(ref _inside) > _most + MostWaiting ? null : await RunInTurn(hash);
        }
        finally
        {
            Interlocked.Decrement(ref _inside);
        }
    }

    public void Dispose() => _slots.Dispose();

    private async Task<bool> RunInTurn(Func<bool> hash)
    {
        await _slots.WaitAsync();
        try
        {
            return await Task.Run(hash);
        }
        finally
        {
            _slots.Release();
        }
    }
}
