using System.Globalization;

namespace OrleansLb.Core.Balancing.Orca;

/// <summary>The format of the header that people can write: <c>cpu_utilization=0.3, rps_fractional=12</c>. Envoy takes a colon for the equals sign too.</summary>
internal static class OrcaText
{
    public static bool TryRead(ReadOnlySpan<char> text, out OrcaReport report)
    {
        var fields = default(OrcaFields);
        report = default;
        foreach (var range in text.Split(','))
        {
            var part = text[range].Trim();
            if (!part.IsEmpty && !TryReadPart(part, ref fields))
                return false;
        }

        report = fields.Report;
        return true;
    }

    private static bool TryReadPart(ReadOnlySpan<char> part, ref OrcaFields fields)
    {
        var sign = part.IndexOfAny('=', ':');
        if (sign <= 0)
            return false;
        return FieldOf(part[..sign].TrimEnd()) is not { } field
            || (double.TryParse(part[(sign + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && fields.TryAdd(field, value));
    }

    private static OrcaField? FieldOf(ReadOnlySpan<char> name) => name switch
    {
        "cpu_utilization" => OrcaField.CpuUtilization,
        "application_utilization" => OrcaField.ApplicationUtilization,
        "rps_fractional" => OrcaField.RequestRate,
        "eps" => OrcaField.FailureRate,
        _ => null,
    };
}
