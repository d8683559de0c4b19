using System.Collections.Immutable;
using System.Globalization;
using OrleansLb.Core.Health;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Configuration.Shapes;

/// <summary>Our keys of a cluster's health checks.</summary>
internal static class HealthCheckShapes
{
    private const int LastPort = 65_535;
    private const int LongestText = 1024;
    private const int LongestHeader = 4096;

    /// <summary>A deep check asks the application; that its port answers is what the plain probe says.</summary>
    private static readonly ImmutableArray<string> DeepTypes = [nameof(ProbeType.Http), nameof(ProbeType.Grpc)];

    public static ValueShape Port => new(PortFault, required: true);

    public static ValueShape Bytes => new(BytesFault, required: true);

    public static ObjectShape HealthCheck => new(
        strict: true,
        [
            ("Type", Values.OneOf("type of probe", [.. Enum.GetNames<ProbeType>()])),
            .. Probe,
            ("Script", new MapShape(Step)),
            .. Thresholds,
            (nameof(PoolDefinition.PanicPercent), Values.Int32Within(0, 100, "percent")),
            (nameof(ActiveHealthDefinition.FastInterval), Values.DurationWithin(TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1))),
            (nameof(ActiveHealthDefinition.JitterPercent), Values.Int32Within(0, 50, "percent")),
            (nameof(ActiveHealthDefinition.InitialState), Values.OneOf("state", [.. Enum.GetNames<InitialHealth>()])),
            (nameof(ActiveHealthDefinition.Deep), Deep),
        ]);

    private static ObjectShape Deep => new(
        strict: true,
        [
            ("Type", new ValueShape(static value => DeepTypes.Contains(value, StringComparer.OrdinalIgnoreCase)
                ? null : $"{Quote.Value(value)} cannot be a deep check; known: {Quote.Names(DeepTypes)}")),
            .. Probe,
            .. Thresholds,
            (nameof(DeepCheckDefinition.Interval), Values.DurationWithin(TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1))),
            (nameof(DeepCheckDefinition.Timeout), Values.DurationWithin(TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1))),
            (nameof(HttpProbeDefinition.Path), StartingWith('/')),
            (nameof(HttpProbeDefinition.Query), StartingWith('?')),
        ]);

    private static (string Key, Shape Shape)[] Thresholds =>
    [
        (nameof(ActiveHealthDefinition.UnhealthyThreshold), Values.Int32Within(1, 100, "failures in a row")),
        (nameof(ActiveHealthDefinition.HealthyThreshold), Values.Int32Within(1, 100, "successes in a row")),
    ];

    private static (string Key, Shape Shape)[] Probe =>
    [
        (nameof(ProbeDefinition.Port), Port),
        (nameof(HttpProbeDefinition.Method), Values.OneOf("method", ["GET", "HEAD", "OPTIONS", "POST"])),
        (nameof(HttpProbeDefinition.Host), new ValueShape(HostFault, required: true)),
        (nameof(HttpProbeDefinition.Headers), new MapShape(new ValueShape(HeaderFault, required: true))),
        (nameof(HttpProbeDefinition.ExpectedStatus), new ValueShape(StatusFault, required: true)),
        (nameof(HttpProbeDefinition.BodyContains), new ValueShape(TextFault, required: true)),
        (nameof(GrpcProbeDefinition.Service), Values.Text),
    ];

    private static ObjectShape Step => new(
        strict: true,
        (nameof(ScriptStepKind.Send), Bytes),
        (nameof(ScriptStepKind.Expect), Bytes),
        (nameof(ScriptStepKind.ExpectRegex), new ValueShape(RegexFault, required: true)));

    private static ValueShape StartingWith(char start) => new(value =>
        value.StartsWith(start) ? null : $"{Quote.Value(value)} does not start with '{start}'");

    private static string? PortFault(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= LastPort
            ? null : $"{Quote.Value(value)} is not a port from 1 to {LastPort}";

    private static string? HostFault(string value) =>
        Uri.TryCreate($"http://{value}/", UriKind.Absolute, out var uri) && uri.PathAndQuery == "/" && uri.UserInfo.Length == 0 && value.All(char.IsAscii)
            ? null : $"{Quote.Value(value)} is not a host with or without a port";

    private static string? HeaderFault(string value) =>
        value.Length > LongestHeader ? $"is longer than {LongestHeader} characters"
        : value.Any(static c => char.IsControl(c) || !char.IsAscii(c)) ? $"{Quote.Value(value)} has characters that a header may not have"
        : null;

    private static string? StatusFault(string value) =>
        HttpStatusSet.TryParse(value, out _) ? null : $"{Quote.Value(value)} is not a set of statuses from 200 to 599 such as 200-299,401";

    private static string? TextFault(string value) =>
        value.Length is > 0 and <= LongestText ? null : $"must have 1 to {LongestText} characters";

    private static string? BytesFault(string value) =>
        TextFault(value) ?? (ProbeText.TryParse(value, out _) ? null : $"{Quote.Value(value)} has an escape that is none; known: \\r \\n \\t \\0 \\\\ \\xHH");

    private static string? RegexFault(string value)
    {
        if (TextFault(value) is { } fault)
            return fault;
        try
        {
            ProbeRegex.Create(value);
            return null;
        }
        catch (FormatException exception)
        {
            return exception.Message;
        }
    }
}
