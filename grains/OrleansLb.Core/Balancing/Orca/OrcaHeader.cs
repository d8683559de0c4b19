using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace OrleansLb.Core.Balancing.Orca;

/// <summary>
/// Reads the reports that backends put into their answers: <see cref="Name"/> with the name of a format before the report (<c>TEXT</c>, <c>JSON</c> or
/// <c>BIN</c>, as Envoy reads them), and <see cref="BinaryName"/>, which gRPC servers send (gRFC A51). No input makes it throw, and its work is bounded by the length.
/// </summary>
public static class OrcaHeader
{
    /// <summary>The header with one of three formats.</summary>
    public const string Name = "endpoint-load-metrics";

    /// <summary>The header or trailer with a protobuf message in base64.</summary>
    public const string BinaryName = "endpoint-load-metrics-bin";

    /// <summary>Characters that a report may have. Far more than the fields that count need; the rest may be metrics of an application's own.</summary>
    public const int LongestValue = 16 * 1024;

    private const string Text = "TEXT ";
    private const string Json = "JSON ";
    private const string Binary = "BIN ";
    private const int OnTheStack = 256;
    private const int Base64Block = 4;

    /// <summary>Reads a value of <see cref="Name"/>.</summary>
    /// <param name="value">The value.</param>
    /// <param name="report">Receives the report; without meaning when there is a fault.</param>
    public static OrcaFault Read(ReadOnlySpan<char> value, out OrcaReport report)
    {
        report = default;
        if (value.Length > LongestValue)
            return OrcaFault.TooLong;
        if (value.StartsWith(Text, StringComparison.Ordinal))
            return OrcaText.TryRead(value[Text.Length..], out report) ? OrcaFault.None : OrcaFault.Malformed;
        if (value.StartsWith(Json, StringComparison.Ordinal))
            return ReadBytes(value[Json.Length..], isBase64: false, out report);
        return value.StartsWith(Binary, StringComparison.Ordinal) ? ReadBytes(value[Binary.Length..], isBase64: true, out report) : OrcaFault.UnknownFormat;
    }

    /// <summary>Reads a value of <see cref="BinaryName"/>.</summary>
    /// <param name="value">The value; its padding may be missing, as gRPC allows.</param>
    /// <param name="report">Receives the report; without meaning when there is a fault.</param>
    public static OrcaFault ReadBinary(ReadOnlySpan<char> value, out OrcaReport report)
    {
        report = default;
        return value.Length > LongestValue ? OrcaFault.TooLong : ReadBytes(value, isBase64: true, out report);
    }

    private static OrcaFault ReadBytes(ReadOnlySpan<char> value, bool isBase64, out OrcaReport report)
    {
        value = value.Trim();
        var most = value.Length + Base64Block;
        var rented = most > OnTheStack ? ArrayPool<byte>.Shared.Rent(most) : null;
        var buffer = rented ?? stackalloc byte[OnTheStack];
        try
        {
            // A head's characters are bytes; one that is not becomes a question mark, which no number and no base64 has.
            var length = Encoding.Latin1.GetBytes(value, buffer);
            var isRead = isBase64 ? TryReadBase64(buffer, length, out report) : OrcaJson.TryRead(buffer[..length], out report);
            return isRead ? OrcaFault.None : OrcaFault.Malformed;
        }
        finally
        {
            if (rented is not null)
                ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static bool TryReadBase64(Span<byte> buffer, int length, out OrcaReport report)
    {
        report = default;
        while (length % Base64Block != 0)
            buffer[length++] = (byte)'=';
        return Base64.DecodeFromUtf8InPlace(buffer[..length], out var written) == OperationStatus.Done
            && OrcaProtobuf.TryRead(buffer[..written], out report);
    }
}
