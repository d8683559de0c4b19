using System.Globalization;
using System.Text.Json;

namespace OrleansLb.Core.Balancing.Orca;

/// <summary>The report as protobuf writes it in JSON: names as in the message or with humps, numbers as such or in quotes.</summary>
internal static class OrcaJson
{
    // The report itself has maps of numbers; something deeper is of a version to come, and skipped.
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 8 };

    public static bool TryRead(ReadOnlySpan<byte> json, out OrcaReport report)
    {
        report = default;
        var fields = default(OrcaFields);
        try
        {
            var reader = new Utf8JsonReader(json, Options);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return false;
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1 && !TryReadProperty(ref reader, ref fields))
                    return false;
            }
        }
        catch (JsonException)
        {
            // The only way in which the reader says that it is not JSON.
            return false;
        }

        report = fields.Report;
        return true;
    }

    private static bool TryReadProperty(ref Utf8JsonReader reader, ref OrcaFields fields)
    {
        var field = FieldOf(ref reader);
        reader.Read();
        return field is not { } known
            || reader.TokenType == JsonTokenType.Null
            || (TryReadNumber(ref reader, out var value) && fields.TryAdd(known, value));
    }

    private static bool TryReadNumber(ref Utf8JsonReader reader, out double value)
    {
        value = 0;
        return reader.TokenType is JsonTokenType.Number or JsonTokenType.String
            && double.TryParse(reader.ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }

    // A name with escapes is taken for another one: nobody writes these so, and unescaping what is not text throws.
    private static OrcaField? FieldOf(ref Utf8JsonReader reader) =>
        Is(ref reader, "cpu_utilization"u8, "cpuUtilization"u8) ? OrcaField.CpuUtilization
        : Is(ref reader, "application_utilization"u8, "applicationUtilization"u8) ? OrcaField.ApplicationUtilization
        : Is(ref reader, "rps_fractional"u8, "rpsFractional"u8) ? OrcaField.RequestRate
        : Is(ref reader, "eps"u8, "eps"u8) ? OrcaField.FailureRate
        : null;

    private static bool Is(ref Utf8JsonReader reader, ReadOnlySpan<byte> name, ReadOnlySpan<byte> humped) =>
        reader.ValueSpan.SequenceEqual(name) || reader.ValueSpan.SequenceEqual(humped);
}
