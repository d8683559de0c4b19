using System.Globalization;
using System.Text.RegularExpressions;
using OrleansLb.Hosting.Files;

namespace OrleansLb.Hosting.Status.Access;

/// <summary>Reads and writes files of tokens: a name, a role and a hash on each line, as <c>ops admin sha256:…</c>.</summary>
internal static partial class TokenFile
{
    /// <summary>As many as anybody hands out, and few enough to be compared with each.</summary>
    public const int Most = 1_000;

    private const string Prefix = "sha256:";

    /// <summary>The tokens of a file.</summary>
    /// <exception cref="FileRefusedException">It cannot be read, or a line is none; no hash is told.</exception>
    public static TokenBook Read(string path)
    {
        var entries = new List<(TokenHolder, byte[])>();
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var number = 0;
        foreach (var line in TextFile.Read(path).Split('\n').Select(static line => line.Trim()))
        {
            number++;
            if (line.Length > 0 && line[0] != '#' && Add(entries, seen, line) is { } fault)
                throw new FileRefusedException(string.Create(CultureInfo.InvariantCulture, $"line {number} of {path}: {fault}"));
        }

        return entries.Count switch
        {
            0 => throw new FileRefusedException($"there is no token in {path}"),
            > Most => throw new FileRefusedException(string.Create(CultureInfo.InvariantCulture, $"there are {entries.Count} tokens in {path}, and {Most} are the most")),
            _ => new TokenBook(entries),
        };
    }

    /// <summary>The line of a token.</summary>
    public static string LineOf(TokenHolder holder, string token) => $"{holder.Name} {RoleName(holder.Role)} {Prefix}{Convert.ToHexStringLower(TokenBook.HashOf(token))}";

    /// <summary>Whether it may be a name: it stands in logs and histories.</summary>
    public static bool IsName(string text) => Name().IsMatch(text);

    /// <summary>What a name is.</summary>
    public const string RuleOfNames = "1 to 64 ASCII letters, digits and . _ @ -, the first a letter or digit";

    /// <summary>The roles by their names.</summary>
    public static IReadOnlyDictionary<string, AccessRole> Roles { get; } = Enum.GetValues<AccessRole>().ToDictionary(RoleName, StringComparer.Ordinal);

    private static string? Add(List<(TokenHolder, byte[])> entries, HashSet<string> seen, string line)
    {
        var words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words is not [var name, var roleName, var hash])
            return "it is not a name, a role and a hash";
        if (!IsName(name))
            return $"a name is {RuleOfNames}";
        if (!Roles.TryGetValue(roleName, out var role))
            return $"the role is none of {string.Join(", ", Roles.Keys)}";
        if (!Hash().IsMatch(hash))
            return $"the hash is not {Prefix} and the 64 hexadecimal digits of the token's SHA-256";
        if (!seen.Add(hash))
            return "the token is there already";
        entries.Add((new TokenHolder(name, role), Convert.FromHexString(hash.AsSpan(Prefix.Length))));
        return null;
    }

    private static string RoleName(AccessRole role) => role.ToString().ToLowerInvariant();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"^sha256:[0-9A-Fa-f]{64}\z")]
    private static partial Regex Hash();
}
