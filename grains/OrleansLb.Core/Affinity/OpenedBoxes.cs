using System.Buffers.Binary;
using System.Security.Cryptography;

namespace OrleansLb.Core.Affinity;

/// <summary>
/// Remembers what was opened with one key, because clients come with the same cookie again and again and opening it is most of what a session costs. Only what was opened is remembered, so that
/// nobody can put anything here without the key; and only from the second time on, so that those who come once allocate nothing. Safe for any number of threads, without locks.
/// </summary>
internal sealed class OpenedBoxes
{
    // A power of two. About 350 bytes each.
    private const int Places = 8 * 1024;

    private readonly Entry?[] _entries = new Entry?[Places];
    private readonly ulong[] _seenOnce = new ulong[Places];

    /// <summary>Looks for what a box holds.</summary>
    /// <param name="box">All of it: nonce, ciphertext and tag.</param>
    /// <param name="bound">What it was sealed with beside its content.</param>
    /// <param name="plaintext">Receives the content; as long as the ciphertext is.</param>
    /// <returns>Whether it is known.</returns>
    public bool TryFind(ReadOnlySpan<byte> box, ReadOnlySpan<byte> bound, Span<byte> plaintext)
    {
        // In constant time, or whoever can time it could find the tag of somebody else's cookie byte by byte.
        if (Volatile.Read(ref _entries[PlaceOf(MarkOf(box))]) is not { } entry || !CryptographicOperations.FixedTimeEquals(entry.Box, box) || !entry.Bound.SequenceEqual(bound))
            return false;
        entry.Plaintext.CopyTo(plaintext);
        return true;
    }

    /// <summary>Notes that a box was opened.</summary>
    /// <param name="box">All of it.</param>
    /// <param name="bound">What it was sealed with beside its content.</param>
    /// <param name="plaintext">What it holds.</param>
    public void Opened(ReadOnlySpan<byte> box, ReadOnlySpan<byte> bound, ReadOnlySpan<byte> plaintext)
    {
        var mark = MarkOf(box);
        var place = PlaceOf(mark);
        if (Volatile.Read(ref _seenOnce[place]) == mark)
            Volatile.Write(ref _entries[place], new Entry(box, bound, plaintext));
        else
            Volatile.Write(ref _seenOnce[place], mark);
    }

    // The end of the tag, which is as good as random.
    private static ulong MarkOf(ReadOnlySpan<byte> box) => BinaryPrimitives.ReadUInt64LittleEndian(box[^sizeof(ulong)..]);

    private static int PlaceOf(ulong mark) => (int)(mark & (Places - 1));

    private sealed class Entry(ReadOnlySpan<byte> box, ReadOnlySpan<byte> bound, ReadOnlySpan<byte> plaintext)
    {
        private readonly byte[] _all = [.. box, .. bound, .. plaintext];
        private readonly int _bound = box.Length;
        private readonly int _plaintext = box.Length + bound.Length;

        public ReadOnlySpan<byte> Box => _all.AsSpan(0, _bound);

        public ReadOnlySpan<byte> Bound => _all.AsSpan(_bound.._plaintext);

        public ReadOnlySpan<byte> Plaintext => _all.AsSpan(_plaintext);
    }
}
