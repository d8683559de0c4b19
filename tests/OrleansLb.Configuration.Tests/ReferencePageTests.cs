using System.Text.RegularExpressions;
using OrleansLb.Core.Affinity;
using OrleansLb.Core.Balancing;
using OrleansLb.Core.Health;
using OrleansLb.Core.Sessions;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Configuration.Tests;

public sealed partial class ReferencePageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Root(), "docs", "reference", "configuration.md"));

    [Fact]
    public void Page_FirstExample_Compiles()
    {
        var result = TestDocuments.Compile(TestDocuments.OfJson(Example().Match(Page).Groups["json"].Value));

        Assert.Empty(result.Errors);
        Assert.Empty(result.Warnings);
    }

    [Fact]
    public void Page_EveryNameAndKeyOfOurs_IsNamed()
    {
        string[] names =
        [
            .. LoadBalancingPolicyNames.All, .. SessionAffinityPolicyNames.All, .. AvailableDestinationsPolicyNames.All,
            .. ActiveHealthPolicyNames.All, .. PassiveHealthPolicyNames.All,
            .. Enum.GetNames<RateLimitAlgorithm>(), .. Enum.GetNames<RateLimitPartition>(), .. Enum.GetNames<RateLimitMode>(), .. Enum.GetNames<WhenUnreachable>(),
            "Tls:Profile", "Tls:ServerName", "MaxConcurrentRequestsPerDestination", "Queue:Limit", "Queue:Timeout", nameof(ConcurrencyDefinition.WhenUnreachable),
            .. Enum.GetNames<ProbeType>(), .. Enum.GetNames<InitialHealth>(), .. Enum.GetNames<ScriptStepKind>(), .. Enum.GetNames<ProbeOutcomeKind>().Except([nameof(ProbeOutcomeKind.NotRun), nameof(ProbeOutcomeKind.Unreachable), nameof(ProbeOutcomeKind.NameNotResolved)]),
            .. KeysOf<ActiveHealthDefinition>().Except([nameof(ActiveHealthDefinition.Probe)]), .. KeysOf<DeepCheckDefinition>().Except([nameof(DeepCheckDefinition.Probe)]),
            .. KeysOf<HttpProbeDefinition>(), .. KeysOf<GrpcProbeDefinition>(),
            .. KeysOf<RateLimitPolicyDefinition>().Except([nameof(RateLimitPolicyDefinition.Name), nameof(RateLimitPolicyDefinition.OverrideOf)]),
            .. SessionSourceNames.All, .. KeysOf<SessionDefinition>().Except([nameof(SessionDefinition.Name), nameof(SessionDefinition.RangeCapacity)]),
            .. KeysOf<AdaptiveConcurrencyDefinition>().Select(static key => $"AdaptiveConcurrency:{key}"),
            .. KeysOf<RebalanceDefinition>().Select(static key => $"Rebalance:{key}"),
            .. KeysOf<CircuitDefinition>().Select(static key => $"CircuitBreaker:{key}"),
            "Retry:On", .. KeysOf<RetryDefinition>().Where(static key => !key.StartsWith("On", StringComparison.Ordinal)).Select(static key => $"Retry:{key}"),
            "Redirect:Location", "Redirect:Scheme", "Redirect:Port", "Redirect:Status", "Response:Status", "Response:Body", "Response:File", "Response:ContentType", "Response:Headers",
            "Maintenance:Enabled", "Maintenance:AllowFrom", "Maintenance:Status", "Maintenance:RetryAfter", "Maintenance:Body", "Unavailable:Status", "Unavailable:RetryAfter",
            "Hedge:Delay", "Timeouts:Default", "Policies:<name>:Timeout", "TimeoutStatusCode", .. KeysOf<MirrorDefinition>().Except([nameof(MirrorDefinition.Route)]).Select(static key => $"Mirror:{key}"),
            .. KeysOf<OutlierDefinition>(), .. KeysOf<AgentDefinition>().Select(static key => $"Agent:{key}"), .. KeysOf<ResourceLoadRules>().Select(static key => $"LoadReports:{key}"),
        ];

        Assert.All(names, static name => Assert.Matches($@"\b{name}\b", Page));
    }

    private static IEnumerable<string> KeysOf<T>() => typeof(T).GetProperties().Where(static key => key.CanWrite).Select(static key => key.Name);

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "OrleansLb.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not run inside the repository.");
        return folder.FullName;
    }

    [GeneratedRegex("```json\n(?<json>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();
}
