namespace OrleansLb.ChaosRun.Stage;

/// <summary>All that a process and those after it in its place say.</summary>
internal sealed class MemberLog : IDisposable
{
    private readonly Lock _lock = new();
    private StreamWriter? _writer;

    public MemberLog(string file) => _writer = new StreamWriter(file) { AutoFlush = true };

    /// <summary>Adds a line; one that comes after the end is nobody's any more.</summary>
    public void Write(string line)
    {
        lock (_lock)
            _writer?.WriteLine(line);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _writer?.Dispose();
            _writer = null;
        }
    }
}
