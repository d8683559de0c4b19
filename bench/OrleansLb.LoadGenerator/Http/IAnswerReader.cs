namespace OrleansLb.LoadGenerator.Http;

/// <summary>Reads what a server answers with off a connection, one answer after another.</summary>
internal interface IAnswerReader
{
    /// <summary>What the answer is, in one line: for a failure that is told.</summary>
    string FirstLine { get; }

    /// <summary>Whether the answer is the one that was asked for.</summary>
    bool IsGood { get; }

    /// <summary>Whether the other side closes the connection after this answer, or should have.</summary>
    bool Closes { get; }

    /// <summary>Reads on.</summary>
    /// <param name="bytes">What has come; what belongs to this answer is taken off.</param>
    /// <returns>Whether the answer is complete.</returns>
    bool Read(ref ReadOnlySpan<byte> bytes);

    /// <summary>Forgets what it has read of an answer.</summary>
    void Reset();
}
