using System.Collections.Immutable;

namespace OrleansLb.Configuration.Tests;

/// <summary>Every mistake in a probe is reported at its key.</summary>
public sealed class ProbeRefusalTests
{
    private const string App = "ReverseProxy:Clusters:app";
    private const string Health = App + ":OrleansLb:HealthCheck";
    private const string Deep = Health + ":Deep";

    [Theory]
    [InlineData("Type", "Ping", "unknown type of probe 'Ping'; known: Http, Tcp, Grpc, Script")]
    [InlineData("Type", "0", "unknown type of probe '0'; known: Http, Tcp, Grpc, Script")]
    [InlineData("Port", "0", "'0' is not a port from 1 to 65535")]
    [InlineData("Port", "65536", "'65536' is not a port from 1 to 65535")]
    [InlineData("Port", "http", "'http' is not a port from 1 to 65535")]
    [InlineData("InitialState", "Up", "unknown state 'Up'; known: Unknown, Healthy, Unhealthy")]
    [InlineData("JitterPercent", "51", "'51' is not a whole number of percent from 0 to 50")]
    [InlineData("Jitter", "10", "unknown key; known: Type, Port, Method, Host, Headers, ExpectedStatus, BodyContains, Service, Script, UnhealthyThreshold, HealthyThreshold, PanicPercent and 4 more")]
    [InlineData("FastInterval", "00:00:00.001", "'00:00:00.001' is not from 00:00:00.0100000 to 00:01:00 (hh:mm:ss)")]
    [InlineData("FastInterval", "1", "'1' is not a time of the form hh:mm:ss")]
    [InlineData("Method", "FETCH", "unknown method 'FETCH'; known: GET, HEAD, OPTIONS, POST")]
    [InlineData("Host", "a b", "'a b' is not a host with or without a port")]
    [InlineData("Host", "a/b", "'a/b' is not a host with or without a port")]
    [InlineData("Host", "me@host", "'me@host' is not a host with or without a port")]
    [InlineData("Host", "bücher.test", "'bücher.test' is not a host with or without a port")]
    [InlineData("Host", "", "'' is not a host with or without a port")]
    [InlineData("Host", "a.test\r\nX: y", "'a.test??X: y' is not a host with or without a port")]
    [InlineData("Headers:X-Key", "a\r\nb", "'a??b' has characters that a header may not have")]
    [InlineData("Headers:X-Key", "a\tb", "'a?b' has characters that a header may not have")]
    [InlineData("Headers:X-Key", "ü", "'ü' has characters that a header may not have")]
    [InlineData("Headers:X-Key", null, "must have a value")]
    [InlineData("Headers:X Key", "a", "'X Key' is not the name of a header")]
    [InlineData("Headers:host", "a", "is given by the key Host")]
    [InlineData("Headers:Connection", "close", "is a header that the probe sets itself or has no use for")]
    [InlineData("Headers:content-type", "text/plain", "is a header that the probe sets itself or has no use for")]
    [InlineData("Headers:transfer-encoding", "chunked", "is a header that the probe sets itself or has no use for")]
    [InlineData("ExpectedStatus", "2xx", "'2xx' is not a set of statuses from 200 to 599 such as 200-299,401")]
    [InlineData("ExpectedStatus", "100-199", "'100-199' is not a set of statuses from 200 to 599 such as 200-299,401")]
    [InlineData("ExpectedStatus", "", "'' is not a set of statuses from 200 to 599 such as 200-299,401")]
    [InlineData("BodyContains", "", "must have 1 to 1024 characters")]
    [InlineData("Service", "a.B", "does not apply to Type Http")]
    [InlineData("Script:0:Send", "PING", "does not apply to Type Http", "Script")]
    [InlineData("Script", "PING", "does not apply to Type Http")]
    [InlineData("Shell", "ping", "unknown key; known: Type, Port, Method, Host, Headers, ExpectedStatus, BodyContains, Service, Script, UnhealthyThreshold, HealthyThreshold, PanicPercent and 4 more")]
    [InlineData("Path", "/health", "unknown key; known: Type, Port, Method, Host, Headers, ExpectedStatus, BodyContains, Service, Script, UnhealthyThreshold, HealthyThreshold, PanicPercent and 4 more")]
    [InlineData("Deep:Type", "Tcp", "'Tcp' cannot be a deep check; known: Http, Grpc")]
    [InlineData("Deep:Type", "Script", "'Script' cannot be a deep check; known: Http, Grpc")]
    [InlineData("Deep:Interval", "02:00:00", "'02:00:00' is not from 00:00:00.0100000 to 01:00:00 (hh:mm:ss)")]
    [InlineData("Deep:Timeout", "00:02:00", "'00:02:00' is not from 00:00:00.0010000 to 00:01:00 (hh:mm:ss)")]
    [InlineData("Deep:UnhealthyThreshold", "0", "'0' is not a whole number of failures in a row from 1 to 100")]
    [InlineData("Deep:HealthyThreshold", "0", "'0' is not a whole number of successes in a row from 1 to 100")]
    [InlineData("Deep:Path", "deep", "'deep' does not start with '/'")]
    [InlineData("Deep:Query", "a=b", "'a=b' does not start with '?'")]
    [InlineData("Deep:Service", "a.B", "does not apply to Type Http")]
    [InlineData("Deep:Headers:X-Key", "a\u0001", "'a?' has characters that a header may not have")]
    [InlineData("Deep:Script:0:Send", "PING", "unknown key; known: Type, Port, Method, Host, Headers, ExpectedStatus, BodyContains, Service, UnhealthyThreshold, HealthyThreshold, Interval, Timeout and 2 more", "Deep:Script")]
    [InlineData("Deep:Deep:Path", "/", "unknown key; known: Type, Port, Method, Host, Headers, ExpectedStatus, BodyContains, Service, UnhealthyThreshold, HealthyThreshold, Interval, Timeout and 2 more", "Deep:Deep")]
    public void Compile_Mistake_IsReportedAtItsKey(string key, string? value, string message, string? path = null) =>
        Assert.Contains(new ConfigurationError($"{Health}:{path ?? key}", message), Errors((key, value)));

    [Theory]
    [InlineData("Tcp", "Method", "GET")]
    [InlineData("Tcp", "Host", "a.test")]
    [InlineData("Tcp", "Headers:X-Key", "a", "Headers")]
    [InlineData("Tcp", "ExpectedStatus", "200")]
    [InlineData("Tcp", "BodyContains", "a")]
    [InlineData("Tcp", "Service", "a")]
    [InlineData("Grpc", "Method", "GET")]
    [InlineData("Grpc", "ExpectedStatus", "200")]
    [InlineData("Grpc", "BodyContains", "a")]
    [InlineData("Script", "Service", "a")]
    [InlineData("Script", "Headers:X-Key", "a", "Headers")]
    public void Compile_KeyOfAnotherType_IsRefused(string type, string key, string value, string? path = null) =>
        Assert.Contains(new ConfigurationError($"{Health}:{path ?? key}", $"does not apply to Type {type}"), Errors(("Type", type), (key, value)));

    [Fact]
    public void Compile_UnknownType_SaysNothingOfTheOtherKeys() =>
        Assert.Equal([$"{Health}:Type"], Errors(("Type", "Ping"), ("Service", "a"), ("BodyContains", "b")).Select(static error => error.Path));

    [Fact]
    public void Compile_HeadWithABodyToFind_IsRefused() =>
        Assert.Equal([new ConfigurationError(Health + ":BodyContains", "no answer to HEAD has a body")], Errors(("Method", "HEAD"), ("BodyContains", "ready")));

    [Fact]
    public void Compile_ScriptWithoutSteps_IsRefused() =>
        Assert.Equal([new ConfigurationError(Health + ":Script", "Type Script needs at least one step")], Errors(("Type", "Script")));

    [Theory]
    [InlineData("Send", "", "must have 1 to 1024 characters")]
    [InlineData("Send", null, "must have a value")]
    [InlineData("Send", "\\q", "'\\q' has an escape that is none; known: \\r \\n \\t \\0 \\\\ \\xHH")]
    [InlineData("Expect", "\\x0", "'\\x0' has an escape that is none; known: \\r \\n \\t \\0 \\\\ \\xHH")]
    [InlineData("ExpectRegex", "", "must have 1 to 1024 characters")]
    [InlineData("ExpectRegex", "(", "Invalid pattern '(' at offset 1. Not enough )'s.")]
    [InlineData("Expct", "a", "unknown key; did you mean Expect?")]
    public void Compile_BadStep_IsReportedAtItsKey(string key, string? value, string message) =>
        Assert.Contains(new ConfigurationError($"{Health}:Script:0:{key}", message), Errors(("Type", "Script"), ($"Script:0:{key}", value)));

    [Theory]
    [InlineData("(a)\\1")]
    [InlineData("a(?=b)")]
    [InlineData("(a{1000}){1000}")]
    public void Compile_RegexThatNeedsBacktrackingOrIsTooLarge_IsRefused(string pattern) =>
        Assert.Equal([$"{Health}:Script:0:ExpectRegex"], Errors(("Type", "Script"), ("Script:0:ExpectRegex", pattern)).Select(static error => error.Path));

    [Fact]
    public void Compile_StepWithTwoActs_IsRefused() =>
        Assert.Equal(
            [new ConfigurationError(Health + ":Script:1", "a step has exactly one of Send, Expect, ExpectRegex")],
            Errors(("Type", "Script"), ("Script:0:Send", "a"), ("Script:1:Send", "b"), ("Script:1:Expect", "c")));

    [Fact]
    public void Compile_StepThatIsAValue_IsRefused() =>
        Assert.Contains(new ConfigurationError(Health + ":Script:0", "must be an object, not 'PING'"), Errors(("Type", "Script"), ("Script:0", "PING")));

    [Fact]
    public void Compile_TooManySteps_IsRefused() =>
        Assert.Contains(
            new ConfigurationError(Health + ":Script", "has 33 steps; at most 32 are allowed"),
            Errors([("Type", "Script"), .. Enumerable.Range(0, 33).Select(static i => ($"Script:{i}:Send", (string?)"a"))]));

    [Fact]
    public void Compile_PathOfAProbeThatHasNone_IsAWarning() =>
        Assert.Equal(
            [
                new ConfigurationError(App + ":HealthCheck:Active:Path", "has no effect with probes of Type Tcp (ignored)"),
                new ConfigurationError(App + ":HealthCheck:Active:Query", "has no effect with probes of Type Tcp (ignored)"),
            ],
            Compile([("Type", "Tcp")]).Warnings);

    [Fact]
    public void Compile_KeysOfChecksThatTheClusterDoesNotRun_AreWarnings()
    {
        var settings = Settings();
        settings[App + ":HealthCheck:Active:Enabled"] = "false";
        var warnings = TestDocuments.Compile(SettingsDocument.FromSettings(settings)).Warnings;
        Assert.Equal(["HealthyThreshold", "Type", "UnhealthyThreshold"], warnings.Select(static warning => warning.Path[(Health.Length + 1)..]));
        Assert.All(warnings, static warning => Assert.StartsWith("has no effect: HealthCheck:Active is not enabled", warning.Message, StringComparison.Ordinal));
    }

    private static ImmutableArray<ConfigurationError> Errors(params (string Key, string? Value)[] changes)
    {
        var result = Compile(changes);
        Assert.Null(result.Configuration);
        return result.Errors;
    }

    private static CompilationResult Compile((string Key, string? Value)[] changes)
    {
        var settings = Settings();
        foreach (var (key, value) in changes)
            settings[$"{Health}:{key}"] = value;
        return TestDocuments.Compile(SettingsDocument.FromSettings(settings));
    }

    private static Dictionary<string, string?> Settings() =>
        SettingsDocument.From(TestDocuments.OfFile("Ours/full.json")).Settings.ToDictionary(StringComparer.OrdinalIgnoreCase);
}
