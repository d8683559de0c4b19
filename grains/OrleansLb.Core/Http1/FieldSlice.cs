namespace OrleansLb.Core.Http1;

/// <summary>Where a field is in the bytes it was read from.</summary>
/// <param name="NameStart">Where its name begins.</param>
/// <param name="NameLength">Bytes of its name, at least one.</param>
/// <param name="ValueStart">Where its value begins, without whitespace around.</param>
/// <param name="ValueLength">Bytes of its value, which may be none.</param>
public readonly record struct FieldSlice(int NameStart, int NameLength, int ValueStart, int ValueLength)
{
    /// <summary>The name.</summary>
    /// <param name="bytes">What it was read from.</param>
    public ReadOnlySpan<byte> Name(ReadOnlySpan<byte> bytes) => bytes.Slice(NameStart, NameLength);

    /// <summary>The value.</summary>
    /// <param name="bytes">What it was read from.</param>
    public ReadOnlySpan<byte> Value(ReadOnlySpan<byte> bytes) => bytes.Slice(ValueStart, ValueLength);
}
