using Microsoft.IdentityModel.Tokens;

namespace OrleansLb.Frontend.Http.Authentication;

/// <summary>The refusals of tokens: all alike to clients, who need not know which part of their forgery was bad.</summary>
internal static class JwtFaults
{
    private const string Challenge = "Bearer";
    private const string Invalid = "Bearer error=\"invalid_token\"";

    public static readonly Refusal Missing = new(401, AuthOutcomes.Reason(AuthOutcomes.Missing), Challenge);
    public static readonly Refusal Malformed = OfToken(AuthOutcomes.Malformed);
    public static readonly Refusal TooLong = OfToken(AuthOutcomes.TooLong);
    public static readonly Refusal Algorithm = OfToken(AuthOutcomes.Algorithm);
    public static readonly Refusal Claim = new(403, AuthOutcomes.Reason(AuthOutcomes.Claim), "Bearer error=\"insufficient_scope\"");
    public static readonly Refusal Unavailable = new(503, AuthOutcomes.Reason(AuthOutcomes.Unavailable));

    private static readonly Refusal Key = OfToken(AuthOutcomes.Key);
    private static readonly Refusal Signature = OfToken(AuthOutcomes.Signature);
    private static readonly Refusal Issuer = OfToken(AuthOutcomes.Issuer);
    private static readonly Refusal Audience = OfToken(AuthOutcomes.Audience);
    private static readonly Refusal Expired = OfToken(AuthOutcomes.Expired);
    private static readonly Refusal NotYetValid = OfToken(AuthOutcomes.NotYetValid);

    public static Refusal Of(Exception? exception) => exception switch
    {
        SecurityTokenExpiredException => Expired,
        SecurityTokenNotYetValidException => NotYetValid,
        SecurityTokenInvalidIssuerException => Issuer,
        SecurityTokenInvalidAudienceException => Audience,
        SecurityTokenSignatureKeyNotFoundException => Key,
        SecurityTokenInvalidAlgorithmException => Algorithm,
        SecurityTokenInvalidSignatureException => Signature,
        _ => Malformed,
    };

    private static Refusal OfToken(string outcome) => new(401, AuthOutcomes.Reason(outcome), Invalid);
}
