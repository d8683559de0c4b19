using System.Buffers.Binary;
using System.Globalization;

namespace OrleansLb.Core.Sessions;

/// <summary>
/// Identity of one learned session inside its pool: a keyed hash of what the application or the client calls it, because that may be a
/// secret that opens somebody's account. Every front-end derives the same one.
/// </summary>
/// <param name="High">Upper half of the hash; chooses the range.</param>
/// <param name="Low">Lower half of the hash.</param>
public readonly record struct SessionKey(ulong High, ulong Low) : IComparable<SessionKey>
{
    /// <summary>Number of hash ranges that the sessions of one pool are divided into; fixed, because it is part of grain keys.</summary>
    public const int RangeCount = 64;

    /// <summary>Bytes of a key.</summary>
    public const int Length = 2 * sizeof(ulong);

    private const int TextLength = 2 * Length;

    /// <summary>The range this key belongs to, 0 to <see cref="RangeCount"/> - 1: ranges divide the keys in their order.</summary>
    public int Range => (int)Math.BigMul(High, RangeCount, out _);

    /// <summary>The key as one number, from which its successor follows when its backend is lost.</summary>
    public UInt128 Value => new(High, Low);

    /// <summary>A key from its bytes.</summary>
    /// <param name="bytes">At least <see cref="Length"/> bytes.</param>
    public static SessionKey Read(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[sizeof(ulong)..]));

    /// <summary>A key from the text that <see cref="ToString"/> gives.</summary>
    /// <param name="text">32 hexadecimal digits.</param>
    /// <param name="key">The key.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out SessionKey key)
    {
        key = default;
        if (text.Length != TextLength
            || !ulong.TryParse(text[..(TextLength / 2)], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var high)
            || !ulong.TryParse(text[(TextLength / 2)..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var low))
            return false;
        key = new SessionKey(high, low);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(SessionKey other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("x32", CultureInfo.InvariantCulture);

    /// <summary>Whether one key comes before another.</summary>
    public static bool operator <(SessionKey left, SessionKey right) => left.CompareTo(right) < 0;

    /// <summary>Whether one key comes after another.</summary>
    public static bool operator >(SessionKey left, SessionKey right) => left.CompareTo(right) > 0;

    /// <summary>Whether one key does not come after another.</summary>
    public static bool operator <=(SessionKey left, SessionKey right) => left.CompareTo(right) <= 0;

    /// <summary>Whether one key does not come before another.</summary>
    public static bool operator >=(SessionKey left, SessionKey right) => left.CompareTo(right) >= 0;
}
