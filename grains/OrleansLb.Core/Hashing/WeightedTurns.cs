namespace OrleansLb.Core.Hashing;

/// <summary>
/// An endless order of turns by weight: the n-th turn of each comes at n / weight (or half a turn later), whoever else is there, and equal times are in the order of the list.
/// Integers only: every process has the same order. Time goes by in windows of about one turn each, whose turns are sorted: a heap would take several times as long.
/// </summary>
internal sealed class WeightedTurns
{
    private const int FractionBits = 31;

    private readonly int[] _weights;
    private readonly ulong[] _nextTimes;
    private readonly ulong[] _halfTurns;
    private readonly ulong _width;
    private ulong[] _window = new ulong[256];
    private ulong _end;
    private int _count;
    private int _at;

    /// <param name="weights">Weights, 1 or more each; at least one.</param>
    /// <param name="beginInTheMiddle">Whether each waits half a turn for its first; else all have their first turns at the beginning.</param>
    internal WeightedTurns(int[] weights, bool beginInTheMiddle)
    {
        _weights = weights;
        _halfTurns = new ulong[weights.Length];
        _nextTimes = new ulong[weights.Length];
        _halfTurns.AsSpan().Fill(beginInTheMiddle ? 1UL : 0);
        for (var i = 0; i < weights.Length; i++)
            _nextTimes[i] = TimeOf(i);
        // Below 2^32, as no weight is below 1.
        _width = ((ulong)weights.Length << FractionBits) / (ulong)weights.Sum(static weight => (long)weight) + 1;
    }

    /// <summary>Index of the one whose turn comes next.</summary>
    internal int Next()
    {
        while (_at == _count)
            FillWindow();
        return (int)(uint)_window[_at++];
    }

    private void FillWindow()
    {
        var start = _end;
        _end += _width;
        (_at, _count) = (0, 0);
        for (var i = 0; i < _weights.Length; i++)
        {
            while (_nextTimes[i] < _end)
            {
                if (_count == _window.Length)
                    Array.Resize(ref _window, _count * 2);
                _window[_count++] = ((_nextTimes[i] - start) << 32) | (uint)i;
                _halfTurns[i] += 2;
                _nextTimes[i] = TimeOf(i);
            }
        }

        _window.AsSpan(0, _count).Sort();
    }

    private ulong TimeOf(int index) => (_halfTurns[index] << (FractionBits - 1)) / (ulong)_weights[index];
}
