using System.Buffers;
using System.Text;

namespace OrleansLb.Frontend.Http.Forwarding;

/// <summary>Bytes on their way to a backend: a head, and what of the body fits behind it.</summary>
internal sealed class HeadBuffer
{
    private const int UsualSize = 8 * 1024;

    private static readonly SearchValues<char> Visible = SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(static c => (char)c), '\t']);

    private byte[] _bytes = GC.AllocateUninitializedArray<byte>(UsualSize);

    public int Length { get; private set; }

    /// <summary>Whether something could not be written as it is: a head has ASCII without control characters.</summary>
    public bool IsUnfit { get; private set; }

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    /// <summary>Bytes that fit without making it larger.</summary>
    public int Room => _bytes.Length - Length;

    /// <summary>Says that it is no head that can be sent from here.</summary>
    public void MakeUnfit() => IsUnfit = true;

    public void Clear()
    {
        (Length, IsUnfit) = (0, false);
        if (_bytes.Length > UsualSize)
            _bytes = GC.AllocateUninitializedArray<byte>(UsualSize);
    }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        Ensure(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(Length));
        Length += bytes.Length;
    }

    public void Add(in ReadOnlySequence<byte> bytes)
    {
        foreach (var segment in bytes)
            Add(segment.Span);
    }

    public void Add(ReadOnlySpan<char> text)
    {
        Ensure(text.Length);
        IsUnfit |= text.ContainsAnyExcept(Visible);
        Ascii.FromUtf16(text, _bytes.AsSpan(Length), out var written);
        Length += written;
    }

    /// <summary>Whether a text would leave the buffer fit.</summary>
    public static bool IsFit(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(Visible);

    /// <summary>Adds what writes itself, as a number or an address.</summary>
    public void Add<T>(T value, string? format = null)
        where T : IUtf8SpanFormattable
    {
        const int Most = 64;
        Ensure(Most);
        IsUnfit |= !value.TryFormat(_bytes.AsSpan(Length), out var written, format, null);
        Length += written;
    }

    public void AddField(ReadOnlySpan<byte> nameAndColon, ReadOnlySpan<char> value)
    {
        Add(nameAndColon);
        Add(value);
        Add("\r\n"u8);
    }

    public void AddField(string name, ReadOnlySpan<char> value)
    {
        Add(name);
        Add(": "u8);
        Add(value);
        Add("\r\n"u8);
    }

    private void Ensure(int more)
    {
        if (_bytes.Length - Length < more)
            Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, Length + more));
    }
}
