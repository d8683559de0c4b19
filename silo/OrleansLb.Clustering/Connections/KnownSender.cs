using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Orleans.Serialization.Buffers;
using Orleans.Serialization.Session;
using OrleansLb.Clustering.Names;

namespace OrleansLb.Clustering.Connections;

/// <summary>
/// A client by the identity that it introduced itself with, as the sender of messages. After flags of 32 bits and a number of 64 the header of a message has its sender: a type and a key, each
/// with its length and its hash before it. What a client sends, it sends as itself or, answering a silo, as one of its observers, whose key is its own, a plus sign and more. That is not Orleans'
/// public form, and a test with a real client holds it.
/// </summary>
internal sealed class KnownSender
{
    /// <summary>How much of a header must be looked at, at most, in bytes.</summary>
    public const int Longest = 256;

    // Orleans makes keys of 32 digits; a front-end has its id before them.
    private const int LongestKey = 128;
    private const int BeforeSender = sizeof(uint) + sizeof(long);
    private const byte BeforeObserver = (byte)'+';

    /// <summary>How silos call themselves as clients of their own grains; they come in at no gateway. A front-end may have an id that begins so.</summary>
    private static readonly byte[] OfSilos = Encoding.UTF8.GetBytes("hosted-");

    private readonly byte[] _type;
    private readonly byte[] _key;
    private readonly byte[] _keyOfObservers;

    private KnownSender(byte[] type, byte[] key, byte[] keyOfObservers) => (_type, _key, _keyOfObservers) = (type, key, keyOfObservers);

    /// <summary>A sender to tell others from.</summary>
    /// <param name="client">Who a client says it is.</param>
    /// <param name="sessions">What Orleans writes with.</param>
    /// <returns><see langword="null"/> for what is no client, such as a grain, and for what only a silo is.</returns>
    public static KnownSender? Of(GrainId client, SerializerSessionPool sessions)
    {
        var key = client.Key.AsSpan();
        if (client.Type != GrainTypePrefix.ClientGrainType || key.IsEmpty || key.Length > LongestKey || key.Contains(BeforeObserver) || IsOfSilo(client))
            return null;
        // Made anew, because hashes are what whoever wrote them says.
        return new KnownSender(Written(GrainTypePrefix.ClientGrainType.AsSpan(), sessions), Written(key, sessions), [.. key, BeforeObserver]);
    }

    /// <summary>Whether a client that a silo hears of by a message came in at a gateway, rather than being a silo.</summary>
    /// <param name="sender">Who sent the message.</param>
    public static bool IsFromOutside(GrainId sender) => sender.Type.IsClient() && !IsOfSilo(sender);

    /// <summary>Whether a message has this sender.</summary>
    /// <param name="header">The beginning of its header.</param>
    public bool Wrote(in ReadOnlySequence<byte> header)
    {
        Span<byte> copied = stackalloc byte[Longest];
        var start = header.Slice(0, Math.Min(header.Length, Longest));
        start.CopyTo(copied);
        ReadOnlySpan<byte> left = copied[..(int)start.Length];
        if (left.Length < BeforeSender || !left[BeforeSender..].StartsWith(_type))
            return false;
        var key = left[(BeforeSender + _type.Length)..];
        return key.StartsWith(_key) || IsOfObserver(key);
    }

    private static bool IsOfSilo(GrainId client) => client.Key.AsSpan().StartsWith(OfSilos) && ClientName.FrontendOf(client).IsEmpty;

    private bool IsOfObserver(ReadOnlySpan<byte> key)
    {
        if (key.Length < sizeof(ushort))
            return false;
        var sizeOfLength = Reader.GetVarIntByteCount(key[0]);
        if (sizeOfLength > sizeof(ushort))
            return false;
        var length = (sizeOfLength == 1 ? key[0] : BinaryPrimitives.ReadUInt16LittleEndian(key)) >> sizeOfLength;
        var bytes = sizeOfLength + sizeof(int);
        return length > _keyOfObservers.Length && key.Length >= bytes && key[bytes..].StartsWith(_keyOfObservers);
    }

    private static byte[] Written(ReadOnlySpan<byte> id, SerializerSessionPool sessions)
    {
        using var session = sessions.GetSession();
        var written = new ArrayBufferWriter<byte>();
        var writer = Writer.Create(written, session);
        IdSpanCodec.WriteRaw(ref writer, new IdSpan(id.ToArray()));
        writer.Commit();
        return written.WrittenSpan.ToArray();
    }
}
