using System.Collections.Frozen;
using System.Text;

namespace OrleansLb.Core.Acme;

/// <summary>Why an authority refused something (RFC 8555, section 6.7; RFC 9457).</summary>
/// <param name="Type">What kind of trouble it is.</param>
/// <param name="Detail">What it is, for people.</param>
public sealed record AcmeProblem(string? Type = null, string? Detail = null)
{
    /// <summary>The nonce was used before or is too old; the next may be taken.</summary>
    public const string BadNonce = "badNonce";

    /// <summary>The authority knows no such account.</summary>
    public const string NoAccount = "accountDoesNotExist";

    /// <summary>The name of all kinds that have none here.</summary>
    public const string Other = "other";

    private const string Prefix = "urn:ietf:params:acme:error:";
    private const int LongestDetail = 500;

    // An authority chooses the type: what is counted by it must be of few kinds.
    private static readonly FrozenSet<string> Kinds = FrozenSet.ToFrozenSet(
    [
        NoAccount, "badCSR", BadNonce, "badPublicKey", "badSignatureAlgorithm", "caa", "compound", "connection", "dns", "externalAccountRequired", "incorrectResponse", "invalidContact", "malformed", "orderNotReady", "rateLimited",
        "rejectedIdentifier", "serverInternal", "tls", "unauthorized", "unsupportedContact", "unsupportedIdentifier", "userActionRequired",
    ]);

    /// <summary>The kind of trouble by its short name; <see cref="Other"/> for one that the standard does not know.</summary>
    public string Kind => Type is not null && Type.StartsWith(Prefix, StringComparison.Ordinal) && Kinds.TryGetValue(Type[Prefix.Length..], out var kind) ? kind : Other;

    /// <summary>What it is, in one line that is not long, whatever the authority wrote.</summary>
    public override string ToString()
    {
        var line = new StringBuilder(Kind).Append(": ");
        foreach (var letter in (Detail ?? "no reason was given").Take(LongestDetail))
            line.Append(char.IsControl(letter) ? ' ' : letter);
        return line.ToString();
    }
}
