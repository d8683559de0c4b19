using OrleansLb.LoadGenerator.Http;

namespace OrleansLb.LoadGenerator.WebSockets;

/// <summary>Reads messages that come back, and believes nothing else: each byte must be the one that is awaited.</summary>
internal sealed class EchoReader(byte[] awaited) : IAnswerReader
{
    private int _read;

    public string FirstLine => IsGood ? "The message." : "Something else than the message came back.";

    public bool IsGood { get; private set; } = true;

    public bool Closes => !IsGood;

    public bool Read(ref ReadOnlySpan<byte> bytes)
    {
        var taken = Math.Min(bytes.Length, awaited.Length - _read);
        IsGood = bytes[..taken].SequenceEqual(awaited.AsSpan(_read, taken));
        // What comes after something else means nothing.
        bytes = IsGood ? bytes[taken..] : [];
        _read += taken;
        if (IsGood && _read < awaited.Length)
            return false;
        _read = 0;
        return true;
    }

    public void Reset() => (_read, IsGood) = (0, true);
}
