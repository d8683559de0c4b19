using System.Buffers;
using System.Buffers.Binary;
using Orleans.Serialization.Buffers;
using Orleans.Serialization.Codecs;
using Orleans.Serialization.Session;
using Orleans.Serialization.WireProtocol;

namespace OrleansLb.Clustering.Connections;

/// <summary>
/// What a client says of itself before its first message (Orleans' <c>ConnectionPreamble</c>): a length of 32 bits, little-endian, and an object whose field 1 is its identity. The form of
/// objects is Orleans' public one; which field it is, is not, and a test with a real client holds it.
/// </summary>
/// <param name="sessions">What Orleans reads objects with.</param>
internal sealed class ClientIntroduction(SerializerSessionPool sessions)
{
    private const int Longest = 1024;
    private const uint Identity = 1;

    /// <summary>How long it is.</summary>
    /// <param name="read">What was read of a connection, from its beginning.</param>
    /// <returns>With its length; 0 while that has not come, and -1 if there is none so long.</returns>
    public static int SizeIn(in ReadOnlySequence<byte> read)
    {
        if (read.Length < sizeof(int))
            return 0;
        Span<byte> length = stackalloc byte[sizeof(int)];
        read.Slice(0, sizeof(int)).CopyTo(length);
        var rest = BinaryPrimitives.ReadInt32LittleEndian(length);
        return rest is > 0 and <= Longest ? sizeof(int) + rest : -1;
    }

    /// <summary>Who the client says it is.</summary>
    /// <param name="introduction">All of it, with its length.</param>
    /// <returns><see langword="null"/> if it does not say so, or in no form that is known here.</returns>
    public GrainId? Read(in ReadOnlySequence<byte> introduction)
    {
        using var session = sessions.GetSession();
        try
        {
            var reader = Reader.Create(introduction.Slice(sizeof(int)).ToArray(), session);
            return IdentityIn(ref reader);
        }
        catch (Exception)
        {
            // Orleans has no list of what its readers throw at what is malformed. Whoever asked refuses the connection and counts it.
            return null;
        }
    }

    private static GrainId? IdentityIn(ref Reader<SpanReaderInput> reader)
    {
        if (reader.ReadFieldHeader().WireType != WireType.TagDelimited)
            return null;
        uint id = 0;
        while (true)
        {
            var field = reader.ReadFieldHeader();
            if (field.IsEndBaseOrEndObject)
                return null;
            id += field.FieldIdDelta;
            if (id == Identity)
                return reader.Session.CodecProvider.GetCodec<GrainId>().ReadValue(ref reader, field);
            reader.ConsumeUnknownField(field);
        }
    }
}
