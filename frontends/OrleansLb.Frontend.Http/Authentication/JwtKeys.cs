using Microsoft.IdentityModel.Tokens;
using OrleansLb.Hosting.Files;

namespace OrleansLb.Frontend.Http.Authentication;

/// <summary>The keys of an issuer at one moment. Immutable.</summary>
/// <param name="Keys">The keys that sign.</param>
/// <param name="Issuer">Who it says that it is; <see langword="null"/> if it does not.</param>
internal sealed record JwtKeys(IReadOnlyList<SecurityKey> Keys, string? Issuer)
{
    // A token without the id of its key is tried with each of them.
    private const int MostKeys = 100;

    /// <summary>Reads a key set.</summary>
    /// <param name="json">The set (RFC 7517).</param>
    /// <param name="issuer">Whose it is.</param>
    /// <exception cref="FileRefusedException">It is none, or has no key that signs.</exception>
    public static JwtKeys Parse(string json, string? issuer)
    {
        IList<SecurityKey> keys;
        try
        {
            keys = new JsonWebKeySet(json) { SkipUnresolvedJsonWebKeys = true }.GetSigningKeys();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Whatever strange sets make of their reader, it is their fault and not the process'. What they hold may be secret.
            throw new FileRefusedException("it is no JSON Web Key Set", exception);
        }

        return keys.Count switch
        {
            0 => throw new FileRefusedException("there is no key in it that signs"),
            > MostKeys => throw new FileRefusedException($"there are more than {MostKeys} keys in it"),
            _ => new JwtKeys([.. keys], issuer),
        };
    }

    /// <summary>The keys by which a token may be signed.</summary>
    /// <param name="id">The id of the key that it says; empty for none.</param>
    public IEnumerable<SecurityKey> Find(string? id) => string.IsNullOrEmpty(id) ? Keys : Keys.Where(key => key.KeyId == id);

    public bool Has(string? id) => Find(id).Any();
}
