using System.Buffers.Binary;
using OrleansLb.LoadGenerator.WebSockets;

namespace OrleansLb.LoadGenerator.Backends;

/// <summary>A WebSocket at the backend: what comes in a frame goes back in one. It believes its clients, as all of this does: frames are short, and no message has two.</summary>
internal sealed class WebSocketEcho : IBackendSession
{
    private const int ShortHead = 2;
    private const byte OpcodeBits = 0x0f;
    private const byte LengthBits = 0x7f;

    private readonly InputBuffer _input = new();
    private readonly OutputBuffer _output = new();
    private byte[] _payload = [];

    public bool HasMore => !_output.IsEmpty;

    public bool Read(ReadOnlySpan<byte> bytes)
    {
        var rest = _input.Join(bytes);
        while (TryRead(ref rest, out var stays))
        {
            if (!stays)
                return false;
        }

        _input.Keep(rest);
        return true;
    }

    public ReadOnlyMemory<byte> Take() => _output.Take();

    private bool TryRead(ref ReadOnlySpan<byte> bytes, out bool stays)
    {
        stays = true;
        if (bytes.Length < ShortHead)
            return false;
        var (opcode, length, head) = ((byte)(bytes[0] & OpcodeBits), bytes[1] & LengthBits, ShortHead);
        if (length >= WebSocketMessage.TwoBytesOfLength)
        {
            head += sizeof(ushort);
            if (bytes.Length < head)
                return false;
            length = BinaryPrimitives.ReadUInt16BigEndian(bytes[ShortHead..]);
        }

        var end = head + WebSocketMessage.MaskLength + length;
        if (bytes.Length < end)
            return false;
        Echo(opcode, bytes.Slice(head, WebSocketMessage.MaskLength), bytes[(head + WebSocketMessage.MaskLength)..end]);
        bytes = bytes[end..];
        stays = opcode != WebSocketMessage.Close;
        return true;
    }

    private void Echo(byte opcode, ReadOnlySpan<byte> mask, ReadOnlySpan<byte> masked)
    {
        if (_payload.Length < masked.Length)
            _payload = new byte[masked.Length];
        var payload = _payload.AsSpan(0, masked.Length);
        masked.CopyTo(payload);
        WebSocketMessage.Unmask(payload, mask);
        _output.Write(WebSocketMessage.Head(payload.Length, mask: 0, opcode));
        _output.Write(payload);
    }
}
