using System.Buffers.Binary;

namespace OrleansLb.Core.Balancing.Orca;

/// <summary>The report as a protobuf message. Fields that are not ours, and ours in another form, are stepped over without being looked at.</summary>
internal static class OrcaProtobuf
{
    private const int LongestVarint = 10;
    private const int TypeBits = 3;

    public static bool TryRead(ReadOnlySpan<byte> message, out OrcaReport report)
    {
        report = default;
        var fields = default(OrcaFields);
        while (!message.IsEmpty)
        {
            if (!TryTakeVarint(ref message, out var tag) || !TryReadField(tag >> TypeBits, (int)(tag & ((1 << TypeBits) - 1)), ref message, ref fields))
                return false;
        }

        report = fields.Report;
        return true;
    }

    private static bool TryReadField(ulong number, int type, ref ReadOnlySpan<byte> message, ref OrcaFields fields)
    {
        if (number == 0)
            return false;
        switch (type)
        {
            case 0:
                return TryTakeVarint(ref message, out _);
            case 1:
                return TryTake(ref message, sizeof(double), out var taken)
                    && (FieldOf(number) is not { } field || fields.TrySet(field, BinaryPrimitives.ReadDoubleLittleEndian(taken)));
            case 2:
                return TryTakeVarint(ref message, out var length) && TryTake(ref message, length, out _);
            case 5:
                return TryTake(ref message, sizeof(float), out _);
            default:
                // Groups, which version 3 of the language has not, and types that no version has.
                return false;
        }
    }

    private static OrcaField? FieldOf(ulong number) => number switch
    {
        (int)OrcaField.CpuUtilization => OrcaField.CpuUtilization,
        (int)OrcaField.RequestRate => OrcaField.RequestRate,
        (int)OrcaField.FailureRate => OrcaField.FailureRate,
        (int)OrcaField.ApplicationUtilization => OrcaField.ApplicationUtilization,
        _ => null,
    };

    private static bool TryTake(ref ReadOnlySpan<byte> message, ulong length, out ReadOnlySpan<byte> taken)
    {
        taken = default;
        if (length > (ulong)message.Length)
            return false;
        taken = message[..(int)length];
        message = message[(int)length..];
        return true;
    }

    private static bool TryTakeVarint(ref ReadOnlySpan<byte> message, out ulong value)
    {
        value = 0;
        for (var i = 0; i < message.Length && i < LongestVarint; i++)
        {
            value |= (ulong)(message[i] & 0x7F) << (7 * i);
            if (message[i] < 0x80)
            {
                message = message[(i + 1)..];
                return true;
            }
        }

        return false;
    }
}
