namespace OrleansLb.Core.Hashing;

/// <summary>One backend while a Maglev table is filled: its permutation of the entries and how far it has come.</summary>
internal struct MaglevTaker
{
    private readonly int _index;
    private readonly uint _skip;
    private uint _next;

    /// <param name="index">What is written into the entries.</param>
    /// <param name="key">Gives the permutation.</param>
    /// <param name="size">Entries of the table, a prime: every skip then visits all of them.</param>
    internal MaglevTaker(int index, BackendKey key, int size)
    {
        _index = index;
        _next = (uint)HashBits.Within(HashBits.Of(key, 0), size);
        _skip = 1 + (uint)HashBits.Within(HashBits.Of(key, 1), size - 1);
    }

    /// <summary>Takes the first free entry of the permutation; the table must have one.</summary>
    internal void TakeNext(Span<int> table)
    {
        var size = (uint)table.Length;
        while (table[(int)_next] >= 0)
            Advance(size);
        table[(int)_next] = _index;
        Advance(size);
    }

    private void Advance(uint size)
    {
        var next = _next + _skip;
        _next = next >= size ? next - size : next;
    }
}
