namespace OrleansLb.Frontend.Http.Authentication;

/// <summary>What a policy needs that asks a server.</summary>
internal static class ForwardRules
{
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(5);
    public const int DefaultConnections = 64;

    public static readonly string[] DefaultHeaders = ["Authorization", "Cookie"];

    private const int MostConnections = 10_000;
    private static readonly TimeSpan LeastTimeout = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan MostTimeout = TimeSpan.FromMinutes(1);

    public static IEnumerable<(string Key, string Text)> Mistakes(AuthenticationPolicyOptions policy)
    {
        if (!Uri.TryCreate(policy.Address, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            yield return (nameof(policy.Address), $"'{policy.Address}' is not an absolute http or https address");
        if (policy.ForwardUser is not null)
            yield return (nameof(policy.ForwardUser), $"whoever is asked says it by {nameof(policy.AnswerHeaders)}");
        if (policy.Timeout is { } timeout && (timeout < LeastTimeout || timeout > MostTimeout))
            yield return (nameof(policy.Timeout), $"{timeout} is not between {LeastTimeout} and {MostTimeout}");
        if (policy.MaxConnections is { } connections and not (>= 1 and <= MostConnections))
            yield return (nameof(policy.MaxConnections), FormattableString.Invariant($"{connections} is not between 1 and {MostConnections}"));
        foreach (var mistake in FieldRule.Mistakes(nameof(policy.RequestHeaders), policy.RequestHeaders).Concat(FieldRule.Mistakes(nameof(policy.AnswerHeaders), policy.AnswerHeaders)))
            yield return mistake;
    }
}
