namespace OrleansLb.Process.Tests.Processes;

/// <summary>Counts the lines that a process says from now on and that hold one of some texts.</summary>
internal sealed class SaidLines : IDisposable
{
    private readonly ProductProcess _process;
    private readonly string[] _texts;
    private int _count;

    public SaidLines(ProductProcess process, params string[] texts)
    {
        (_process, _texts) = (process, texts);
        _process.Said += Hear;
    }

    public int Count => Volatile.Read(ref _count);

    public void Dispose() => _process.Said -= Hear;

    private void Hear(string line)
    {
        if (_texts.Any(text => line.Contains(text, StringComparison.Ordinal)))
            Interlocked.Increment(ref _count);
    }
}
