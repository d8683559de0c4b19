using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace OrleansLb.Core.Acme;

/// <summary>The key of an account at an authority: what it signs was said by the account (RFC 8555, section 6.2).</summary>
public sealed class AccountKey : IDisposable
{
    private readonly ECDsa _key;

    /// <summary>Takes a key over.</summary>
    /// <param name="key">A key on the curve P-256.</param>
    /// <exception cref="ArgumentException">It is on another curve.</exception>
    public AccountKey(ECDsa key)
    {
        var point = key.ExportParameters(includePrivateParameters: false);
        if (point.Curve.Oid.Value != ECCurve.NamedCurves.nistP256.Oid.Value)
            throw new ArgumentException($"A key of an account is on the curve P-256, not on {point.Curve.Oid.FriendlyName}.", nameof(key));
        _key = key;
        // The members in the order of the alphabet and without blanks, as the thumbprint wants them (RFC 7638, section 3).
        Jwk = $$"""{"crv":"P-256","kty":"EC","x":"{{Base64Url.EncodeToString(point.Q.X)}}","y":"{{Base64Url.EncodeToString(point.Q.Y)}}"}""";
        Thumbprint = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Jwk)));
    }

    /// <summary>The public key as a JSON Web Key (RFC 7517).</summary>
    public string Jwk { get; }

    /// <summary>The thumbprint of <see cref="Jwk"/> (RFC 7638).</summary>
    public string Thumbprint { get; }

    /// <summary>What answers a challenge (RFC 8555, section 8.1).</summary>
    /// <param name="token">The challenge's token.</param>
    public string Authorization(string token) => $"{token}.{Thumbprint}";

    /// <summary>Signs as <c>ES256</c> wants it (RFC 7518, section 3.4).</summary>
    internal byte[] Sign(ReadOnlySpan<byte> message) => _key.SignData(message, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();
}
