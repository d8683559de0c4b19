using System.Buffers.Text;
using System.Security.Claims;
using System.Text;
using Microsoft.AspNetCore.Http;
using OrleansLb.Hosting.Authentication;

namespace OrleansLb.Frontend.Http.Authentication;

/// <summary>Believes users who know their passwords (RFC 7617).</summary>
internal sealed class BasicAuthenticator(string realm, WatchedFile<PasswordBook> file) : IAuthenticator
{
    private const string Scheme = "Basic";
    private const int Longest = 1024;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly Refusal _missing = new(401, AuthOutcomes.Reason(AuthOutcomes.Missing), ChallengeOf(realm));
    private readonly Refusal _malformed = new(401, AuthOutcomes.Reason(AuthOutcomes.Malformed), ChallengeOf(realm));
    private readonly Refusal _wrong = new(401, AuthOutcomes.Reason(AuthOutcomes.Password), ChallengeOf(realm));
    private readonly Refusal _busy = new(503, AuthOutcomes.Reason(AuthOutcomes.Busy));
    private readonly Refusal _unavailable = new(503, AuthOutcomes.Reason(AuthOutcomes.Unavailable));

    public IReadOnlyList<string> Fields => [];

    public ValueTask<Verdict> Authenticate(HttpContext context)
    {
        if (!Credentials.Find(context.Request.Headers.Authorization, Scheme, out var text))
            return new(Verdict.Refuse(_missing));
        if (!TryRead(text, out var user, out var password))
            return new(Verdict.Refuse(_malformed));
        // The file was there when it was checked, and went before it was read.
        return file.Value is { } book ? Check(book, user, password) : new(Verdict.Refuse(_unavailable));
    }

    private async ValueTask<Verdict> Check(PasswordBook book, string user, string password) => await book.Is(user, password) switch
    {
        true => Verdict.Accept(new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", user)], Scheme, "sub", null)), user),
        false => Verdict.Refuse(_wrong),
        null => Verdict.Refuse(_busy),
    };

    private static bool TryRead(string text, out string user, out string password)
    {
        (user, password) = ("", "");
        if (text.Length > Longest || !Base64.IsValid(text) || TextOf(text) is not { } pair)
            return false;
        var colon = pair.IndexOf(':', StringComparison.Ordinal);
        // A control character, which no user has (RFC 7617, section 2), ends the password for some hashes.
        if (colon <= 0 || pair.Any(char.IsControl))
            return false;
        (user, password) = (pair[..colon], pair[(colon + 1)..]);
        return true;
    }

    private static string? TextOf(string text)
    {
        try
        {
            return Utf8.GetString(Convert.FromBase64String(text));
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static string ChallengeOf(string realm) => $"Basic realm=\"{realm}\", charset=\"UTF-8\"";
}
