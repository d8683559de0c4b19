namespace OrleansLb.Contracts.Frontends;

/// <summary>Names of front-ends.</summary>
public static class FrontendId
{
    /// <summary>What a name is, in words.</summary>
    public const string Rule = "1 to 64 letters, digits, dots, dashes or underscores";

    /// <summary>What a name is, as a regular expression.</summary>
    public const string Pattern = "^[A-Za-z0-9._-]{1,64}$";

    private const int MostCharacters = 64;

    /// <summary>Whether a text may name a front-end.</summary>
    /// <param name="text">The text.</param>
    public static bool IsValid(string text) =>
        text is { Length: > 0 and <= MostCharacters } && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
}
