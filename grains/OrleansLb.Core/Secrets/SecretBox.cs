using System.Security.Cryptography;
using System.Text;

namespace OrleansLb.Core.Secrets;

/// <summary>
/// Seals what is stored and nobody may read there: AES-256-GCM (NIST SP 800-38D) with the name of the secret as associated data, so that whoever can write to a store cannot put one secret in the place of another. What is
/// sealed says by which key: one key seals, and one before it may still open while all is sealed anew. Safe for any number of threads.
/// </summary>
public sealed class SecretBox
{
    /// <summary>Bytes of a key.</summary>
    public const int KeyLength = 32;

    /// <summary>Bytes of the nonce.</summary>
    public const int NonceLength = 12;

    private const byte Format = 1;
    private const int IdLength = 8;
    private const int TagLength = 16;
    private const int HeadLength = 1 + IdLength;
    private const int Overhead = HeadLength + NonceLength + TagLength;

    private readonly byte[] _key;
    private readonly byte[] _id;
    private readonly (byte[] Key, byte[] Id)[] _all;

    /// <summary>Makes a box.</summary>
    /// <param name="key">The key that seals, of <see cref="KeyLength"/> bytes.</param>
    /// <param name="previous">The one before it; <see langword="null"/> for none.</param>
    /// <exception cref="ArgumentException">A key has another length.</exception>
    public SecretBox(byte[] key, byte[]? previous = null)
    {
        _all = [.. new[] { key, previous }.OfType<byte[]>().Select(static one => (one, IdOf(one)))];
        (_key, _id) = _all[0];
    }

    /// <summary>Seals a secret.</summary>
    /// <param name="secret">The secret.</param>
    /// <param name="name">What it is; only by the same name it can be opened.</param>
    /// <param name="nonce">12 random bytes, never used before with this key.</param>
    public byte[] Seal(ReadOnlySpan<byte> secret, string name, ReadOnlySpan<byte> nonce)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(nonce.Length, NonceLength);
        var result = new byte[Overhead + secret.Length];
        result[0] = Format;
        _id.CopyTo(result, 1);
        nonce.CopyTo(result.AsSpan(HeadLength));
        using var cipher = new AesGcm(_key, TagLength);
        cipher.Encrypt(nonce, secret, result.AsSpan(Overhead), result.AsSpan(HeadLength + NonceLength, TagLength), Bound(result, name));
        return result;
    }

    /// <summary>Opens what was sealed.</summary>
    /// <param name="box">What <see cref="Seal"/> made.</param>
    /// <param name="name">The name by which it was sealed.</param>
    /// <returns>The secret; <see langword="null"/> when it was sealed by another key or name, or is damaged.</returns>
    public byte[]? Open(ReadOnlySpan<byte> box, string name)
    {
        if (box.Length < Overhead || box[0] != Format)
            return null;
        foreach (var (key, id) in _all)
        {
            if (box.Slice(1, IdLength).SequenceEqual(id))
                return Open(key, box, name);
        }

        return null;
    }

    /// <summary>Whether something was sealed by the key that seals now.</summary>
    /// <param name="box">What <see cref="Seal"/> made.</param>
    public bool IsCurrent(ReadOnlySpan<byte> box) => box.Length >= Overhead && box.Slice(1, IdLength).SequenceEqual(_id);

    private static byte[]? Open(byte[] key, ReadOnlySpan<byte> box, string name)
    {
        var secret = new byte[box.Length - Overhead];
        using var cipher = new AesGcm(key, TagLength);
        try
        {
            cipher.Decrypt(box.Slice(HeadLength, NonceLength), box[Overhead..], box.Slice(HeadLength + NonceLength, TagLength), secret, Bound(box, name));
            return secret;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    private static byte[] Bound(ReadOnlySpan<byte> box, string name) => [.. box[..HeadLength], .. Encoding.UTF8.GetBytes(name)];

    // It tells keys apart and says nothing of them.
    private static byte[] IdOf(byte[] key) => key.Length == KeyLength
        ? SHA256.HashData([.. "orleanslb secret key id"u8, .. key])[..IdLength]
        : throw new ArgumentException($"A key has {KeyLength} bytes, not {key.Length}.", nameof(key));
}
