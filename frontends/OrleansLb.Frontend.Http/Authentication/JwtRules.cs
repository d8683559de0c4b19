using Microsoft.IdentityModel.Tokens;
using OrleansLb.Hosting.Files;

namespace OrleansLb.Frontend.Http.Authentication;

/// <summary>What a policy of tokens needs.</summary>
internal static class JwtRules
{
    public static readonly TimeSpan DefaultSkew = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan DefaultRefresh = TimeSpan.FromHours(1);

    /// <summary>How tokens may be signed where nothing is said: so that only the issuer can.</summary>
    public static readonly string[] Asymmetric =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512, SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384,
        SecurityAlgorithms.RsaSsaPssSha512, SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    private static readonly string[] Known = [.. Asymmetric, SecurityAlgorithms.HmacSha256, SecurityAlgorithms.HmacSha384, SecurityAlgorithms.HmacSha512];
    private static readonly TimeSpan MostSkew = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LeastRefresh = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan MostRefresh = TimeSpan.FromDays(1);

    public static IEnumerable<(string Key, string Text)> Mistakes(AuthenticationPolicyOptions policy)
    {
        if (policy.Authority is null == policy.KeySet is null)
            yield return (nameof(policy.Authority), $"one of it and {nameof(policy.KeySet)} is needed");
        if (policy.Authority is { } authority && FaultOf(authority, policy.RequireHttps ?? true) is { } address)
            yield return (nameof(policy.Authority), address);
        if (policy.KeySet is { } file && FaultOf(file) is { } keys)
            yield return (nameof(policy.KeySet), keys);
        if (policy.KeySet is not null && string.IsNullOrEmpty(policy.Issuer))
            yield return (nameof(policy.Issuer), "it is needed where no authority says it");
        if (policy.Audiences.All(static audience => audience.Length == 0))
            yield return (nameof(policy.Audiences), "one is needed, or tokens that were made for others would be taken");
        foreach (var unknown in policy.Algorithms.Except(Known))
            yield return (nameof(policy.Algorithms), $"'{unknown}' is none of {string.Join(", ", Known)}");
        if (policy.ClockSkew is { } skew && (skew < TimeSpan.Zero || skew > MostSkew))
            yield return (nameof(policy.ClockSkew), $"{skew} is not between {TimeSpan.Zero} and {MostSkew}");
        if (policy.KeySetRefresh is { } refresh && (refresh < LeastRefresh || refresh > MostRefresh))
            yield return (nameof(policy.KeySetRefresh), $"{refresh} is not between {LeastRefresh} and {MostRefresh}");
    }

    private static string? FaultOf(string authority, bool requireHttps)
    {
        if (!Uri.TryCreate(authority, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            return $"'{authority}' is not an absolute address";
        return requireHttps && address.Scheme == "http" ? $"it is asked without TLS, and whoever is between could make tokens; {nameof(AuthenticationPolicyOptions.RequireHttps)}: false allows it" : null;
    }

    private static string? FaultOf(string file)
    {
        try
        {
            KeySetFile.Read(file);
            return null;
        }
        catch (FileRefusedException exception)
        {
            return exception.Message;
        }
    }
}
