using System.Globalization;
using CsCheck;
using OrleansLb.Core.Balancing.Orca;

namespace OrleansLb.Core.Tests.Balancing.Orca;

public sealed class OrcaHeaderLaws
{
    private static readonly Gen<OrcaReport> GenReport =
        Gen.Select(Gen.Double[0, 4], Gen.Double[0, 1], Gen.Double[0, 1e6], Gen.Double[0, 1e3], static (cpu, application, requests, failures) => new OrcaReport(cpu, application, requests, failures));

    // Bytes of a report with some of them changed, and any bytes at all.
    private static readonly Gen<byte[]> GenBytes = Gen.OneOf(
        Gen.Byte.Array[0, 200],
        Gen.Select(GenReport, Gen.Int[0, 35], Gen.Byte, static (report, place, value) =>
        {
            var bytes = new OrcaMessage().Add(report).ToArray();
            bytes[place] = value;
            return bytes;
        }));

    private static readonly string[] Words =
    [
        "cpu_utilization", "rps_fractional", "eps", "application_utilization", "=", ":", ",", "{", "}", "\"", "[", "]", "1", "-1", "0.5", "1e400", "NaN", "\\u0065",
        "\\ud800", "null", " ", "\0", "ü", "€",
    ];

    private static readonly Gen<string> GenWords = Gen.Int[0, Words.Length - 1].Array[0, 30].Select(static picks => string.Concat(picks.Select(static pick => Words[pick])));

    [Fact]
    public void EveryFormatSaysTheSame() => GenReport.Sample(static report =>
    {
        var numbers = string.Create(
            CultureInfo.InvariantCulture,
            $"cpu_utilization={report.CpuUtilization:R},application_utilization={report.ApplicationUtilization:R},rps_fractional={report.RequestRate:R},eps={report.FailureRate:R}");
        var json = string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"cpuUtilization":{{report.CpuUtilization:R}},"applicationUtilization":{{report.ApplicationUtilization:R}},"rpsFractional":{{report.RequestRate:R}},"eps":{{report.FailureRate:R}}}""");
        var base64 = Convert.ToBase64String(new OrcaMessage().Add(report).ToArray());
        string[] values = [$"TEXT {numbers}", $"JSON {json}", $"BIN {base64}"];
        return values.All(value => OrcaHeader.Read(value, out var read) == OrcaFault.None && read == report);
    });

    [Fact]
    public void NothingThrowsAndWhatIsReadIsUsable() => Gen.Select(GenBytes, GenWords).Sample(static (bytes, words) =>
    {
        string[] values = [$"TEXT {words}", $"JSON {words}", $"JSON {{\"eps\":{words}}}", $"BIN {words}", words, $"BIN {Convert.ToBase64String(bytes)}"];
        foreach (var value in values)
        {
            if (OrcaHeader.Read(value, out var report) == OrcaFault.None && !IsUsable(report))
                return false;
        }

        return OrcaHeader.ReadBinary(Convert.ToBase64String(bytes), out var binary) != OrcaFault.None || IsUsable(binary);
    });

    private static bool IsUsable(in OrcaReport report) =>
        new[] { report.CpuUtilization, report.ApplicationUtilization, report.RequestRate, report.FailureRate }.All(static number => number >= 0 && double.IsFinite(number));
}
