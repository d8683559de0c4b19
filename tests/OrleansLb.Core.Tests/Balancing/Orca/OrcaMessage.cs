using System.Buffers.Binary;
using OrleansLb.Core.Balancing.Orca;

namespace OrleansLb.Core.Tests.Balancing.Orca;

/// <summary>Writes protobuf messages, right and wrong ones.</summary>
internal sealed class OrcaMessage
{
    private readonly List<byte> _bytes = [];

    public byte[] ToArray() => [.. _bytes];

    public OrcaMessage Add(in OrcaReport report) =>
        Add(1, report.CpuUtilization).Add(6, report.RequestRate).Add(7, report.FailureRate).Add(9, report.ApplicationUtilization);

    public OrcaMessage Add(int field, double value)
    {
        var bytes = new byte[sizeof(double)];
        BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
        return Tag(field, 1).Append(bytes);
    }

    public OrcaMessage AddVarint(int field, ulong value) => Tag(field, 0).Varint(value);

    public OrcaMessage AddBytes(int field, int length) => Tag(field, 2).Varint((ulong)length).Append(new byte[length]);

    public OrcaMessage AddSingle(int field) => Tag(field, 5).Append(new byte[sizeof(float)]);

    private OrcaMessage Tag(int field, int type) => Varint(((ulong)field << 3) | (uint)type);

    private OrcaMessage Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            _bytes.Add((byte)(value | 0x80));
        _bytes.Add((byte)value);
        return this;
    }

    private OrcaMessage Append(byte[] bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }
}
