namespace OrleansLb.Frontend.Http.Authentication;

/// <summary>What can come of asking a client who it is: in the metrics as they are, in the access log and among the refusals after <c>auth.</c>.</summary>
internal static class AuthOutcomes
{
    public const string Accepted = "accepted";
    public const string Open = "failed_open";

    public const string Missing = "missing";
    public const string Malformed = "malformed";
    public const string TooLong = "too_long";
    public const string Algorithm = "algorithm";
    public const string Key = "key";
    public const string Signature = "signature";
    public const string Issuer = "issuer";
    public const string Audience = "audience";
    public const string Expired = "expired";
    public const string NotYetValid = "not_yet_valid";
    public const string Claim = "claim";
    public const string Password = "password";
    public const string Certificate = "certificate";
    public const string Answer = "answer";
    public const string Busy = "busy";
    public const string Unavailable = "unavailable";
    public const string Abandoned = "abandoned";

    private const string Prefix = "auth.";

    /// <summary>How a refusal is counted.</summary>
    public static string Reason(string outcome) => Prefix + outcome;

    /// <summary>The outcome of a refusal that is counted as this.</summary>
    public static string Of(string reason) => reason[Prefix.Length..];
}
