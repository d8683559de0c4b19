namespace OrleansLb.BenchProcesses;

/// <summary>Nothing can be measured; the message is the one line that says why.</summary>
public sealed class BenchException : Exception
{
    public BenchException(string message)
        : base(message)
    {
    }

    public BenchException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public BenchException()
    {
    }
}
