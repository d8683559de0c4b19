using Microsoft.Extensions.Configuration;

namespace OrleansLb.Frontend.Http.Authentication;

/// <summary>Takes lists from one line too, as an environment variable has them, and claims without values: the framework would drop them, and with them what clients must show.</summary>
internal static class PolicyLists
{
    public static void AddTo(EdgeAuthenticationOptions options, IConfiguration section)
    {
        foreach (var (name, policy) in options.Policies)
            AddTo(policy, section.GetSection($"{nameof(EdgeAuthenticationOptions.Policies)}:{name}"));
    }

    private static void AddTo(AuthenticationPolicyOptions policy, IConfigurationSection section)
    {
        Add(policy.Audiences, section[nameof(policy.Audiences)]);
        Add(policy.Algorithms, section[nameof(policy.Algorithms)]);
        Add(policy.RequestHeaders, section[nameof(policy.RequestHeaders)]);
        Add(policy.AnswerHeaders, section[nameof(policy.AnswerHeaders)]);
        Add(policy.Names, section[nameof(policy.Names)]);
        foreach (var claim in section.GetSection(nameof(policy.Claims)).GetChildren().Where(static claim => !claim.GetChildren().Any()))
            policy.Claims[claim.Key] = Parts(claim.Value);
    }

    private static void Add(IList<string> list, string? line)
    {
        foreach (var part in Parts(line))
            list.Add(part);
    }

    private static string[] Parts(string? line) => line?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
}
