using System.Buffers.Binary;
using System.Text;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Core.Affinity;

/// <summary>
/// The plaintext of a v1 cookie: session id (16 bytes), generation (4), epoch (4), issued (8), last seen (8), all little-endian,
/// then pool id and backend id as UTF-8, each after one byte of length.
/// </summary>
internal static class AffinityPayload
{
    private const int FixedLength = 40;
    private const int MaxIdLength = byte.MaxValue;

    internal static bool TryMeasure(in AffinityCookie cookie, out int length)
    {
        var poolLength = Encoding.UTF8.GetByteCount(cookie.PoolId);
        var backendLength = Encoding.UTF8.GetByteCount(cookie.BackendId);
        length = FixedLength + 2 + poolLength + backendLength;
        return poolLength <= MaxIdLength && backendLength <= MaxIdLength;
    }

    internal static void Write(in AffinityCookie cookie, Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt128LittleEndian(destination, cookie.SessionId);
        BinaryPrimitives.WriteInt32LittleEndian(destination[16..], cookie.Generation);
        BinaryPrimitives.WriteInt32LittleEndian(destination[20..], cookie.Epoch);
        BinaryPrimitives.WriteInt64LittleEndian(destination[24..], cookie.Issued);
        BinaryPrimitives.WriteInt64LittleEndian(destination[32..], cookie.LastSeen);
        WriteId(cookie.BackendId, destination[(FixedLength + WriteId(cookie.PoolId, destination[FixedLength..]))..]);
    }

    /// <summary>Reads an authenticated plaintext; ids that the pool knows are its own strings, so that reading them allocates nothing.</summary>
    internal static AffinityRejection TryRead(ReadOnlySpan<byte> source, PoolDefinition pool, out AffinityCookie cookie)
    {
        cookie = default;
        if (source.Length < FixedLength)
            return AffinityRejection.Malformed;
        Span<char> poolBuffer = stackalloc char[MaxIdLength];
        Span<char> backendBuffer = stackalloc char[MaxIdLength];
        if (!TryReadId(source, FixedLength, poolBuffer, out var poolId, out var next)
            || !TryReadId(source, next, backendBuffer, out var backendId, out next)
            || next != source.Length)
            return AffinityRejection.Malformed;
        if (!poolId.SequenceEqual(pool.Id))
            return AffinityRejection.WrongPool;

        var index = BackendLookup.IndexOf(pool, backendId);
        cookie = new AffinityCookie(
            pool.Id,
            index < 0 ? backendId.ToString() : pool.Backends[index].Id,
            BinaryPrimitives.ReadInt32LittleEndian(source[16..]),
            BinaryPrimitives.ReadInt32LittleEndian(source[20..]),
            BinaryPrimitives.ReadInt64LittleEndian(source[24..]),
            BinaryPrimitives.ReadInt64LittleEndian(source[32..]),
            BinaryPrimitives.ReadUInt128LittleEndian(source));
        return AffinityRejection.None;
    }

    private static int WriteId(string id, Span<byte> destination)
    {
        var length = Encoding.UTF8.GetBytes(id, destination[1..]);
        destination[0] = (byte)length;
        return 1 + length;
    }

    private static bool TryReadId(ReadOnlySpan<byte> source, int offset, Span<char> buffer, out ReadOnlySpan<char> id, out int next)
    {
        id = default;
        next = offset < source.Length ? offset + 1 + source[offset] : int.MaxValue;
        if (next > source.Length)
            return false;
        id = buffer[..Encoding.UTF8.GetChars(source[(offset + 1)..next], buffer)];
        return true;
    }
}
