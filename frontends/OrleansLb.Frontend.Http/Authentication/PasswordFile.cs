using System.Collections.Frozen;
using System.Globalization;
using System.Text.RegularExpressions;
using OrleansLb.Hosting.Files;

namespace OrleansLb.Frontend.Http.Authentication;

/// <summary>Reads files of users and hashes, one a line, as <c>htpasswd</c> writes them: only bcrypt, since all else that it knows can be guessed by the billion.</summary>
internal static partial class PasswordFile
{
    // More would take seconds for one password.
    private const int MostCost = 14;
    private const int LeastCost = 4;

    /// <summary>The users and their hashes.</summary>
    /// <exception cref="FileRefusedException">It cannot be read, or a line is none that is accepted; no hash is told.</exception>
    public static FrozenDictionary<string, string> Read(string path)
    {
        var users = new Dictionary<string, string>(StringComparer.Ordinal);
        var number = 0;
        foreach (var line in TextFile.Read(path).Split('\n').Select(static line => line.TrimEnd('\r')))
        {
            number++;
            if (line.Length > 0 && line[0] != '#' && Add(users, line) is { } fault)
                throw new FileRefusedException(string.Create(CultureInfo.InvariantCulture, $"line {number} of {path}: {fault}"));
        }

        return users.Count > 0 ? users.ToFrozenDictionary(StringComparer.Ordinal) : throw new FileRefusedException($"there is no user in {path}");
    }

    private static string? Add(Dictionary<string, string> users, string line)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0)
            return "it is not a user, a colon and a hash";
        var (user, hash) = (line[..colon], line[(colon + 1)..]);
        if (user.Any(char.IsControl))
            return "the user has a control character";
        if (FaultOf(hash) is { } fault)
            return fault;
        return users.TryAdd(user, hash) ? null : "the user is there already";
    }

    private static string? FaultOf(string hash)
    {
        if (Bcrypt().Match(hash) is not { Success: true } match)
            return $"{KindOf(hash)}; only bcrypt is accepted, as htpasswd -B writes it";
        var cost = int.Parse(match.Groups["cost"].ValueSpan, CultureInfo.InvariantCulture);
        return cost is >= LeastCost and <= MostCost ? null : string.Create(CultureInfo.InvariantCulture, $"the cost {cost} is not between {LeastCost} and {MostCost}");
    }

    private static string KindOf(string hash)
    {
        if (hash.StartsWith("$apr1$", StringComparison.Ordinal) || hash.StartsWith("$1$", StringComparison.Ordinal))
            return "the hash is MD5";
        if (hash.StartsWith("{SHA}", StringComparison.Ordinal))
            return "the hash is SHA-1 without salt";
        if (hash.StartsWith("$5$", StringComparison.Ordinal) || hash.StartsWith("$6$", StringComparison.Ordinal))
            return "the hash is of crypt";
        return hash.StartsWith("$2", StringComparison.Ordinal) ? "the hash is bcrypt, but damaged or of a broken kind" : "it has a password in the clear or a hash of crypt";
    }

    [GeneratedRegex(@"^\$2[aby]\$(?<cost>[0-9]{2})\$[./A-Za-z0-9]{53}\z")]
    private static partial Regex Bcrypt();
}
