namespace OrleansLb.Core.Acme;

/// <summary>One way to prove a name (RFC 8555, section 8).</summary>
/// <param name="Type">The way.</param>
/// <param name="Status">One of <see cref="AcmeStatuses"/>.</param>
/// <param name="Url">Where the authority is told to look.</param>
/// <param name="Token">What it will ask for.</param>
/// <param name="Error">What it found wrong.</param>
public sealed record AcmeChallenge(string Type, string Status, Uri Url, string? Token = null, AcmeProblem? Error = null)
{
    /// <summary>By a file that is asked for over HTTP (section 8.3).</summary>
    public const string Http01 = "http-01";

    /// <summary>Where the authority looks, before the token.</summary>
    public const string Path = "/.well-known/acme-challenge/";

    // Those of authorities have 22 to 43 characters.
    private const int LongestToken = 128;

    /// <summary>Whether a token is one: it becomes a part of a path and of an answer, and an authority that one does not know could write anything there.</summary>
    /// <param name="token">The token.</param>
    public static bool IsToken(string? token) => token is { Length: > 0 and <= LongestToken } && token.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
