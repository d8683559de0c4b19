namespace OrleansLb.Simulation.Events;

/// <summary>Numbers for things that come and go, given again when free.</summary>
internal struct Slots
{
    private int[] _free;
    private int _freeCount;

    public Slots() => _free = new int[64];

    /// <summary>Numbers ever given, which are those below it.</summary>
    public int Given { get; private set; }

    public int Take() => _freeCount > 0 ? _free[--_freeCount] : Given++;

    public void Return(int slot)
    {
        if (_freeCount == _free.Length)
            Array.Resize(ref _free, _freeCount * 2);
        _free[_freeCount++] = slot;
    }
}
