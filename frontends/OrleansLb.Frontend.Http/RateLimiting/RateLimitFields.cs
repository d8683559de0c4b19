using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using OrleansLb.Core.RateLimiting;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Frontend.Http.RateLimiting;

/// <summary>
/// What an answer tells a client about its limit: RateLimit-Policy and RateLimit (draft-ietf-httpapi-ratelimit-headers) and, where a policy says so, the
/// older X-RateLimit headers, which no document defines; their Reset counts seconds from now, as Envoy's and Kong's does.
/// </summary>
internal static class RateLimitFields
{
    // Which policy it is is the same in each answer.
    private static readonly ConditionalWeakTable<RateLimitPolicyDefinition, PolicyText> Texts = new();

    /// <summary>Writes the fields that a policy has, beside those of a backend that has a limit of its own.</summary>
    /// <param name="headers">Headers of the answer.</param>
    /// <param name="policy">The policy.</param>
    /// <param name="quota">What is left; <see langword="null"/> when this front-end cannot know.</param>
    public static void Write(IHeaderDictionary headers, RateLimitPolicyDefinition policy, LimitQuota? quota)
    {
        var text = Texts.GetValue(policy, static policy => new PolicyText(policy));
        headers.Append("RateLimit-Policy", text.Policy);
        if (quota is { } left)
            headers.Append("RateLimit", string.Create(CultureInfo.InvariantCulture, $"{text.Name};r={left.Remaining}{ResetOf(left, ";t=")}"));
        if (policy.LegacyHeaders)
            WriteLegacy(headers, NumbersOf(policy).Limit, quota);
    }

    /// <summary>Writes them once the answer is known, whoever gives it.</summary>
    public static void WriteOnStart(HttpContext context, RateLimitPolicyDefinition policy, LimitQuota? quota) => context.Response.OnStarting(
        static state =>
        {
            var (headers, policy, quota) = ((IHeaderDictionary, RateLimitPolicyDefinition, LimitQuota?))state;
            Write(headers, policy, quota);
            return Task.CompletedTask;
        },
        (context.Response.Headers, policy, quota));

    /// <summary>Whole seconds, upwards.</summary>
    public static long Seconds(TimeSpan time) => (long)Math.Ceiling(time.TotalSeconds);

    // A backend that says the same of its own limit would contradict this one, and nothing tells whose a value is.
    private static void WriteLegacy(IHeaderDictionary headers, int limit, LimitQuota? quota)
    {
        headers["X-RateLimit-Limit"] = limit.ToString(CultureInfo.InvariantCulture);
        headers["X-RateLimit-Remaining"] = quota?.Remaining.ToString(CultureInfo.InvariantCulture);
        headers["X-RateLimit-Reset"] = quota is { } left && ResetOf(left, "") is { Length: > 0 } reset ? reset : default;
    }

    private static (int Limit, long Window) NumbersOf(RateLimitPolicyDefinition policy) => policy.Algorithm == RateLimitAlgorithm.TokenBucket
        ? (policy.TokenLimit, Math.Max(1, Seconds(TimeSpan.FromSeconds(policy.TokenLimit / policy.TokensPerSecond))))
        : (policy.PermitLimit, Math.Max(1, Seconds(policy.Window)));

    private static string ResetOf(LimitQuota quota, string prefix) =>
        quota.ResetAfter == TimeSpan.MaxValue ? "" : string.Create(CultureInfo.InvariantCulture, $"{prefix}{Seconds(quota.ResetAfter)}");

    private static string Describe(RateLimitPolicyDefinition policy)
    {
        var (name, (limit, window)) = (Quoted(policy.PublicName), NumbersOf(policy));
        return policy.Algorithm == RateLimitAlgorithm.Concurrency
            ? string.Create(CultureInfo.InvariantCulture, $"{name};q={limit};qu=\"concurrent-requests\"")
            : string.Create(CultureInfo.InvariantCulture, $"{name};q={limit};w={window}");
    }

    // Names come from the configuration and may hold anything; a structured field's string takes printable ASCII only.
    private static string Quoted(string name) =>
        string.Create(name.Length + 2, name, static (quoted, name) =>
        {
            quoted[0] = quoted[^1] = '"';
            for (var index = 0; index < name.Length; index++)
                quoted[index + 1] = name[index] is < ' ' or > '~' or '"' or '\\' ? '_' : name[index];
        });

    private sealed class PolicyText(RateLimitPolicyDefinition policy)
    {
        public string Name { get; } = Quoted(policy.PublicName);

        public string Policy { get; } = Describe(policy);
    }
}
