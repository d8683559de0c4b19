namespace OrleansLb.Core.Balancing;

/// <summary>
/// A small fast random source for picks (xorshift64*, S. Vigna, "An experimental exploration of Marsaglia's xorshift
/// generators, scrambled", 2014). Not for secrets. A mutable value: one per thread, passed by reference.
/// </summary>
public struct PickRandom
{
    private ulong _state;

    /// <summary>Starts a sequence.</summary>
    /// <param name="seed">Any number; different numbers give unrelated sequences.</param>
    public PickRandom(ulong seed)
    {
        // SplitMix64's finalizer: seeds that differ in one bit start far apart, and no seed leaves the state at zero for long.
        var mixed = seed + 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        mixed ^= mixed >> 31;
        _state = mixed == 0 ? 0x9E3779B97F4A7C15 : mixed;
    }

    /// <summary>A number from 0 to below <paramref name="bound"/>.</summary>
    /// <param name="bound">1 or more.</param>
    public int Next(int bound) => (int)(((Next() >> 32) * (ulong)(uint)bound) >> 32);

    /// <summary>A number from 0 to below 1.</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    private ulong Next()
    {
        if (_state == 0)
            _state = 0x9E3779B97F4A7C15;
        _state ^= _state >> 12;
        _state ^= _state << 25;
        _state ^= _state >> 27;
        return _state * 0x2545F4914F6CDD1D;
    }
}
