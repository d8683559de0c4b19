namespace OrleansLb.Frontend.Http.Authentication;

/// <summary>Which keys belong to which type of policy.</summary>
internal static class PolicyKeys
{
    private static readonly (string Key, AuthenticationType Type, Func<AuthenticationPolicyOptions, bool> IsThere)[] Owned =
    [
        (nameof(AuthenticationPolicyOptions.Authority), AuthenticationType.Jwt, static policy => policy.Authority is not null),
        (nameof(AuthenticationPolicyOptions.KeySet), AuthenticationType.Jwt, static policy => policy.KeySet is not null),
        (nameof(AuthenticationPolicyOptions.Issuer), AuthenticationType.Jwt, static policy => policy.Issuer is not null),
        (nameof(AuthenticationPolicyOptions.Audiences), AuthenticationType.Jwt, static policy => policy.Audiences.Count > 0),
        (nameof(AuthenticationPolicyOptions.ClockSkew), AuthenticationType.Jwt, static policy => policy.ClockSkew is not null),
        (nameof(AuthenticationPolicyOptions.Algorithms), AuthenticationType.Jwt, static policy => policy.Algorithms.Count > 0),
        (nameof(AuthenticationPolicyOptions.Claims), AuthenticationType.Jwt, static policy => policy.Claims.Count > 0),
        (nameof(AuthenticationPolicyOptions.KeySetRefresh), AuthenticationType.Jwt, static policy => policy.KeySetRefresh is not null),
        (nameof(AuthenticationPolicyOptions.RequireHttps), AuthenticationType.Jwt, static policy => policy.RequireHttps is not null),
        (nameof(AuthenticationPolicyOptions.File), AuthenticationType.Basic, static policy => policy.File is not null),
        (nameof(AuthenticationPolicyOptions.Realm), AuthenticationType.Basic, static policy => policy.Realm is not null),
        (nameof(AuthenticationPolicyOptions.Address), AuthenticationType.Forward, static policy => policy.Address is not null),
        (nameof(AuthenticationPolicyOptions.RequestHeaders), AuthenticationType.Forward, static policy => policy.RequestHeaders.Count > 0),
        (nameof(AuthenticationPolicyOptions.AnswerHeaders), AuthenticationType.Forward, static policy => policy.AnswerHeaders.Count > 0),
        (nameof(AuthenticationPolicyOptions.Timeout), AuthenticationType.Forward, static policy => policy.Timeout is not null),
        (nameof(AuthenticationPolicyOptions.FailOpen), AuthenticationType.Forward, static policy => policy.FailOpen is not null),
        (nameof(AuthenticationPolicyOptions.MaxConnections), AuthenticationType.Forward, static policy => policy.MaxConnections is not null),
        (nameof(AuthenticationPolicyOptions.Names), AuthenticationType.ClientCertificate, static policy => policy.Names.Count > 0),
    ];

    /// <summary>Keys that are there and count for nothing.</summary>
    public static IEnumerable<(string Key, string Text)> OfOtherTypes(AuthenticationPolicyOptions policy, AuthenticationType type) =>
        Owned.Where(key => key.Type != type && key.IsThere(policy)).Select(key => (key.Key, $"it is for the type {key.Type}, and this policy is of {type}"));
}
