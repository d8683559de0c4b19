using Microsoft.IdentityModel.Tokens;

namespace OrleansLb.Frontend.Http.Authentication;

/// <summary>How tokens are checked with the keys of one moment.</summary>
internal sealed class JwtChecks
{
    public JwtChecks(JwtKeys keys, AuthenticationPolicyOptions policy, TimeProvider clock)
    {
        Keys = keys;
        var skew = policy.ClockSkew ?? JwtRules.DefaultSkew;
        Parameters = new TokenValidationParameters
        {
            ValidIssuer = policy.Issuer ?? keys.Issuer,
            ValidAudiences = policy.Audiences,
            ValidAlgorithms = AlgorithmsOf(policy),
            IssuerSigningKeyResolver = (_, _, id, _) => keys.Find(id),
            TryAllIssuerSigningKeys = false,
            LifetimeValidator = (from, until, _, _) => IsNow(from, until, clock.GetUtcNow().UtcDateTime, skew),
            NameClaimType = "sub",
            IncludeTokenOnFailedValidation = false,
        };
    }

    public JwtKeys Keys { get; }

    public TokenValidationParameters Parameters { get; }

    public static IList<string> AlgorithmsOf(AuthenticationPolicyOptions policy) => policy.Algorithms.Count > 0 ? policy.Algorithms : JwtRules.Asymmetric;

    private static bool IsNow(DateTime? from, DateTime? until, DateTime now, TimeSpan skew)
    {
        if (until is not { } end)
            throw new SecurityTokenNoExpirationException("It has no end.");
        if (now - skew >= end)
            throw new SecurityTokenExpiredException("It has expired.");
        if (from is { } begin && now + skew < begin)
            throw new SecurityTokenNotYetValidException("It is not valid yet.");
        return true;
    }
}
