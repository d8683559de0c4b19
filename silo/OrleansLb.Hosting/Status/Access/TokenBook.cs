using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace OrleansLb.Hosting.Status.Access;

/// <summary>Who has which token, by hashes alone. Immutable.</summary>
/// <param name="entries">Holders, and the SHA-256 of the token of each.</param>
internal sealed class TokenBook(IReadOnlyList<(TokenHolder Holder, byte[] Hash)> entries)
{
    /// <summary>Shortest token that is taken, whatever a file says: its hash is made so fast that less could be guessed from it.</summary>
    public const int Shortest = 32;

    /// <summary>Longest token that is looked at.</summary>
    public const int Longest = 512;

    private static readonly SearchValues<char> Letters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=");

    /// <summary>How many there are.</summary>
    public int Count => entries.Count;

    /// <summary>Whether it is a token at all (RFC 6750, 2.1), whoever's.</summary>
    public static bool MayBe(string text) => text.Length <= Longest && !text.AsSpan().ContainsAnyExcept(Letters);

    /// <summary>Whose token it is; <see langword="null"/> for nobody's. How long it takes says nothing of what is in the book.</summary>
    public TokenHolder? Find(string token)
    {
        if (token.Length < Shortest || !MayBe(token))
            return null;
        var hash = HashOf(token);
        TokenHolder? found = null;
        foreach (var (holder, known) in entries)
        {
            if (CryptographicOperations.FixedTimeEquals(hash, known))
                found = holder;
        }

        return found;
    }

    /// <summary>What stands for a token in a file.</summary>
    public static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
