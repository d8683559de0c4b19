namespace OrleansLb.LoadGenerator.Backends;

/// <summary>What a connection to the backend speaks after it has left HTTP/1.1.</summary>
internal interface IBackendSession
{
    /// <summary>Whether there is something to send.</summary>
    bool HasMore { get; }

    /// <summary>Reads what has come; not while what was taken is not out.</summary>
    /// <param name="bytes">What has come.</param>
    /// <returns>Whether the connection stays.</returns>
    bool Read(ReadOnlySpan<byte> bytes);

    /// <summary>What is to be sent next; it stays as it is until it is out.</summary>
    ReadOnlyMemory<byte> Take();
}
