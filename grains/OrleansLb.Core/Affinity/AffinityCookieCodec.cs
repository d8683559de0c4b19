using System.Buffers.Text;
using System.Collections.Immutable;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Core.Affinity;

/// <summary>
/// Seals and opens the affinity cookie: <c>v1.kid.base64url(nonce, ciphertext, tag)</c> with AES-256-GCM (NIST SP 800-38D) and the cookie's scope
/// as associated data. Made once per <see cref="KeyRing"/>; safe for any number of threads, without locks. Opening a bad cookie allocates nothing and
/// throws nothing; opening a good one allocates the name of a backend that the pool no longer has, and once what is remembered of a cookie that comes again.
/// </summary>
/// <remarks>Random nonces allow 2^32 seals with one key; a cluster that seals 10,000 cookies a second must rotate within five days.</remarks>
public sealed class AffinityCookieCodec : IDisposable
{
    /// <summary>Longest cookie in characters; a longer one is rejected unseen.</summary>
    public const int MaxLength = 1024;

    /// <summary>Bytes of the nonce.</summary>
    public const int NonceLength = SealingKey.NonceLength;

    private const int Overhead = SealingKey.NonceLength + SealingKey.TagLength;

    private readonly ImmutableArray<SealingKey> _keys;

    /// <summary>Makes the codec of one ring.</summary>
    /// <param name="ring">Keys: all open, the one named by <see cref="KeyRing.SigningKeyId"/> seals.</param>
    /// <exception cref="ArgumentException">A key's id is not 1 to 16 letters and digits, or its secret is not 32 bytes.</exception>
    public AffinityCookieCodec(KeyRing ring)
    {
        Ring = ring;
        _keys = [.. ring.Keys.Select(static key => new SealingKey(key))];
    }

    /// <summary>The ring this codec was made for.</summary>
    public KeyRing Ring { get; }

    /// <summary>Opens a cookie.</summary>
    /// <param name="text">Value of the cookie as the client sent it; empty if there was none.</param>
    /// <param name="scope">Where the request arrived.</param>
    /// <param name="pool">The pool the request goes to.</param>
    /// <param name="lifetime">How long the pool's cookies are good.</param>
    /// <param name="now">Unix seconds.</param>
    public AffinityOpening Open(ReadOnlySpan<char> text, AffinityScope scope, PoolDefinition pool, AffinityLifetime lifetime, long now)
    {
        var rejection = TryOpen(text, scope, pool, lifetime, now, out var cookie, out var key);
        return rejection == AffinityRejection.None
            ? new AffinityOpening(rejection, cookie, key != Ring.SigningKeyId)
            : AffinityOpening.Rejected(rejection);
    }

    /// <summary>Seals a cookie with the signing key.</summary>
    /// <param name="cookie">What it says.</param>
    /// <param name="scope">Where it will be good.</param>
    /// <param name="nonce">12 random bytes, never used before with this ring.</param>
    /// <returns>
    /// The value of the cookie; <see langword="null"/> if no key may seal yet, or if the names in it are too long for <see cref="MaxLength"/>.
    /// </returns>
    public string? Seal(in AffinityCookie cookie, AffinityScope scope, ReadOnlySpan<byte> nonce)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(nonce.Length, NonceLength);
        if (scope.IsTooLong || Find(Ring.SigningKeyId) is not { } key || !AffinityPayload.TryMeasure(cookie, out var length))
            return null;
        var headLength = AffinityCookieText.Prefix.Length + key.Id.Length + 1;
        if (headLength + Base64Url.GetEncodedLength(length + Overhead) > MaxLength)
            return null;

        Span<byte> plaintext = stackalloc byte[length];
        AffinityPayload.Write(cookie, plaintext);
        Span<byte> box = stackalloc byte[length + Overhead];
        nonce.CopyTo(box);
        Span<byte> buffer = stackalloc byte[scope.MaxBoundLength(key.Id)];
        key.Seal(nonce, plaintext, scope.Bind(key.Id, buffer), box[NonceLength..^SealingKey.TagLength], box[^SealingKey.TagLength..]);
        return Write(key.Id, box);
    }

    /// <summary>Releases the ciphers. Requests that still hold this codec go on.</summary>
    public void Dispose()
    {
        foreach (var key in _keys)
            key.Dispose();
    }

    private AffinityRejection TryOpen(
        ReadOnlySpan<char> text,
        AffinityScope scope,
        PoolDefinition pool,
        AffinityLifetime lifetime,
        long now,
        out AffinityCookie cookie,
        out string keyId)
    {
        (cookie, keyId) = (default, "");
        if (text.IsEmpty)
            return AffinityRejection.Absent;
        if (text.Length > MaxLength)
            return AffinityRejection.TooLong;
        if (scope.IsTooLong)
            return AffinityRejection.ScopeTooLong;
        if (!AffinityCookieText.TrySplit(text, out var id, out var body))
            return AffinityRejection.Malformed;
        if (Find(id) is not { } key)
            return AffinityRejection.UnknownKey;
        keyId = key.Id;
        var rejection = TryUnseal(key, body, scope, pool, out cookie);
        if (rejection != AffinityRejection.None)
            return rejection;
        return lifetime.IsExpired(cookie, now) ? AffinityRejection.Expired : AffinityRejection.None;
    }

    private static AffinityRejection TryUnseal(SealingKey key, ReadOnlySpan<char> body, AffinityScope scope, PoolDefinition pool, out AffinityCookie cookie)
    {
        cookie = default;
        Span<byte> box = stackalloc byte[Base64Url.GetMaxDecodedLength(body.Length)];
        if (!AffinityCookieText.TryDecode(body, box, out var boxLength) || boxLength < Overhead)
            return AffinityRejection.Malformed;
        box = box[..boxLength];
        Span<byte> plaintext = stackalloc byte[boxLength - Overhead];
        Span<byte> buffer = stackalloc byte[scope.MaxBoundLength(key.Id)];
        return key.TryOpen(box, scope.Bind(key.Id, buffer), plaintext)
            ? AffinityPayload.TryRead(plaintext, pool, out cookie)
            : AffinityRejection.BadTag;
    }

    private static string Write(string keyId, ReadOnlySpan<byte> box)
    {
        Span<char> text = stackalloc char[MaxLength];
        AffinityCookieText.Prefix.CopyTo(text);
        var length = AffinityCookieText.Prefix.Length;
        keyId.CopyTo(text[length..]);
        length += keyId.Length;
        text[length++] = '.';
        return new string(text[..(length + Base64Url.EncodeToChars(box, text[length..]))]);
    }

    private SealingKey? Find(ReadOnlySpan<char> id)
    {
        foreach (var key in _keys)
        {
            if (id.SequenceEqual(key.Id))
                return key;
        }

        return null;
    }
}
