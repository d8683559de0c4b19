using System.Security.Cryptography;

namespace OrleansLb.Core.Affinity;

/// <summary>
/// One key of the ring, ready to seal and open. A cipher object serves one thread at a time, so a few are kept in lanes that are taken and
/// put back by one exchange each; whoever finds none makes one.
/// </summary>
internal sealed class SealingKey : IDisposable
{
    internal const int NonceLength = 12;
    internal const int TagLength = 16;
    internal const int MaxIdLength = 16;
    private const int SecretLength = 32;
    private const int LaneCount = 16;

    private readonly AffinityKey _key;
    private readonly AesGcm?[] _lanes = new AesGcm?[LaneCount];
    private readonly OpenedBoxes _opened = new();
    private volatile bool _disposed;

    internal SealingKey(AffinityKey key)
    {
        if (key.Secret.Length != SecretLength || key.Id.Length is 0 or > MaxIdLength || !key.Id.All(char.IsAsciiLetterOrDigit))
            throw new ArgumentException($"Affinity key '{key.Id}' needs an id of 1 to {MaxIdLength} letters and digits and a secret of {SecretLength} bytes; it has {key.Secret.Length}.", nameof(key));
        _key = key;
    }

    internal string Id => _key.Id;

    internal void Seal(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> bound, Span<byte> ciphertext, Span<byte> tag)
    {
        var cipher = Take();
        cipher.Encrypt(nonce, plaintext, ciphertext, tag, bound);
        PutBack(cipher);
    }

    /// <summary>Opens a box, or knows it from before.</summary>
    /// <param name="box">Nonce, ciphertext and tag.</param>
    /// <param name="bound">What it was sealed with beside its content.</param>
    /// <param name="plaintext">Receives the content; as long as the ciphertext is.</param>
    /// <returns>Whether the tag was right; if not, <paramref name="plaintext"/> is cleared.</returns>
    internal bool TryOpen(ReadOnlySpan<byte> box, ReadOnlySpan<byte> bound, Span<byte> plaintext)
    {
        if (_opened.TryFind(box, bound, plaintext))
            return true;
        if (!TryOpenAnew(box[..NonceLength], box[NonceLength..^TagLength], box[^TagLength..], bound, plaintext))
            return false;
        _opened.Opened(box, bound, plaintext);
        return true;
    }

    /// <summary>
    /// Opens without exceptions: <see cref="AesGcm"/> answers a bad tag by throwing, so that whoever sends forged cookies would make us allocate, unwind
    /// the stack and raise a diagnostic event for each. Counter mode is its own inverse, so sealing the ciphertext gives the plaintext, and sealing that again gives the tag to compare with.
    /// </summary>
    private bool TryOpenAnew(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, ReadOnlySpan<byte> bound, Span<byte> plaintext)
    {
        Span<byte> expectedTag = stackalloc byte[TagLength];
        Span<byte> again = stackalloc byte[plaintext.Length];
        var cipher = Take();
        cipher.Encrypt(nonce, ciphertext, plaintext, expectedTag);
        cipher.Encrypt(nonce, plaintext, again, expectedTag, bound);
        PutBack(cipher);
        if (CryptographicOperations.FixedTimeEquals(expectedTag, tag))
            return true;
        CryptographicOperations.ZeroMemory(plaintext);
        return false;
    }

    /// <summary>Releases the idle ciphers. Requests that still hold this key go on with ciphers of their own.</summary>
    public void Dispose()
    {
        _disposed = true;
        for (var i = 0; i < LaneCount; i++)
            Interlocked.Exchange(ref _lanes[i], null)?.Dispose();
    }

    private AesGcm Take()
    {
        var start = Environment.CurrentManagedThreadId;
        for (var i = 0; i < LaneCount; i++)
        {
            ref var lane = ref _lanes[(start + i) % LaneCount];
            if (lane is not null && Interlocked.Exchange(ref lane, null) is { } cipher)
                return cipher;
        }

        return new AesGcm(_key.Secret.AsSpan(), TagLength);
    }

    private void PutBack(AesGcm cipher)
    {
        var start = Environment.CurrentManagedThreadId;
        for (var i = 0; i < LaneCount && !_disposed; i++)
        {
            ref var lane = ref _lanes[(start + i) % LaneCount];
            if (lane is null && Interlocked.CompareExchange(ref lane, cipher, null) is null)
                return;
        }

        cipher.Dispose();
    }
}
