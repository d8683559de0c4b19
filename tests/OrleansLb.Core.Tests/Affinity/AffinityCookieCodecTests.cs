using CsCheck;
using OrleansLb.Core.Affinity;
using OrleansLb.Core.Snapshots;
using static OrleansLb.Core.Tests.Affinity.AffinitySamples;

namespace OrleansLb.Core.Tests.Affinity;

public sealed class AffinityCookieCodecTests : IDisposable
{
    private readonly AffinityCookieCodec _codec = new(Ring);

    public void Dispose() => _codec.Dispose();

    [Fact]
    public void WhatWasSealedOpensToTheSame() =>
        Gen.Select(Gen.String[Gen.Char, 1, 60], Gen.String[Gen.Char.AlphaNumeric, 1, 60], Gen.Int, Gen.Int, Gen.Long, GenSession, Gen.Byte.Array[12])
            .Where(static sample => sample.Item1.All(static c => !char.IsSurrogate(c)))
            .Sample((pool, backend, generation, epoch, time, session, nonce) =>
            {
                var cookie = new AffinityCookie(pool, backend, generation, epoch, time, time, session);
                var opening = Open(Seal(cookie, nonce), PoolOf(pool, ("other", 1, 1)));
                return opening == new AffinityOpening(AffinityRejection.None, cookie, false);
            });

    [Fact]
    public void EverySingleBitFlipIsRejected()
    {
        var text = Seal(Cookie);
        for (var at = 0; at < text.Length; at++)
        {
            for (var bit = 0; bit < 16; bit++)
            {
                var flipped = text.ToCharArray();
                flipped[at] ^= (char)(1 << bit);
                Assert.NotEqual(AffinityRejection.None, Open(new string(flipped)).Rejection);
            }
        }
    }

    [Fact]
    public void EveryOtherSpellingIsRejected()
    {
        foreach (var poolId in (string[])["shop", "shop1", "shop12"])
        {
            var text = Seal(Cookie with { PoolId = poolId });
            string[] spellings = [text + "=", text + "==", text + " ", " " + text, text + "\n", text.Insert(12, " "), "V1" + text[2..], '"' + text + '"'];
            Assert.All(spellings, spelling => Assert.Equal(AffinityRejection.Malformed, Open(spelling, PoolOf(poolId, ("b", 1, 2))).Rejection));
            var otherEndings = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".Where(c => c != text[^1]).Select(c => text[..^1] + c).Append(text + "A");
            Assert.All(otherEndings, ending => Assert.False(Open(ending, PoolOf(poolId, ("b", 1, 2))).IsGood));
            Assert.Equal(AffinityRejection.None, Open(text, PoolOf(poolId, ("b", 1, 2))).Rejection);
        }
    }

    [Fact]
    public void EveryTruncationIsRejected()
    {
        var text = Seal(Cookie);
        for (var length = 0; length < text.Length; length++)
            Assert.NotEqual(AffinityRejection.None, Open(text[..length]).Rejection);
        for (var start = 1; start < text.Length; start++)
            Assert.Equal(AffinityRejection.Malformed, Open(text[start..]).Rejection);
    }

    [Fact]
    public void GarbageIsRejected() =>
        Gen.Select(Gen.OneOf(Gen.Const(""), Gen.Const("v1."), Gen.Const("v1.now."), Gen.Const("v1.zzz.")), Gen.OneOf(Gen.String[Gen.Char, 0, 300], Gen.String[Gen.Char.AlphaNumeric, 0, 300]))
            .Sample((head, tail) => !Open(head + tail).IsGood);

    /// <summary>What is remembered of good cookies is no way in for others that look like them.</summary>
    [Fact]
    public void KnownCookie_IsGoodAsItIsAndWhereItIsGood()
    {
        var text = Seal(Cookie);
        for (var i = 0; i < 3; i++)
            Assert.Equal(new AffinityOpening(AffinityRejection.None, Cookie, false), Open(text));
        for (var at = "v1.now.".Length; at < text.Length; at++)
            Assert.False(Open(text[..at] + (text[at] == 'B' ? 'C' : 'B') + text[(at + 1)..]).IsGood);
        Assert.Equal(AffinityRejection.BadTag, _codec.Open(text, new AffinityScope("evil.example", "/"), Pool, AffinityLifetime.Unlimited, Now).Rejection);
        Assert.Equal(AffinityRejection.WrongPool, Open(text, PoolOf("forum", ("b", 1, 2))).Rejection);
        Assert.Equal(AffinityRejection.Expired, _codec.Open(text, Scope, Pool, new AffinityLifetime(TimeSpan.FromSeconds(1), TimeSpan.Zero), Now).Rejection);
        Assert.True(Open(text).IsGood);
    }

    [Fact]
    public void Open_OfACookieThatComesOnce_AllocatesNothing()
    {
        var texts = Enumerable.Range(0, 100).Select(i => Seal(Cookie, Nonce((byte)i))).ToArray();
        Open(Seal(Cookie, Nonce(200)));
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var text in texts)
            _codec.Open(text, Scope, Pool, AffinityLifetime.Unlimited, Now);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData(1025)]
    [InlineData(8192)]
    public void Open_LongerThanTheBound_IsTooLongWithoutALook(int length) =>
        Assert.Equal(AffinityRejection.TooLong, Open(Seal(Cookie).PadRight(length, 'A')).Rejection);

    [Theory]
    [InlineData("", AffinityRejection.Absent)]
    [InlineData("v1", AffinityRejection.Malformed)]
    [InlineData("v1..AAAA", AffinityRejection.Malformed)]
    [InlineData("v2.now.AAAA", AffinityRejection.Malformed)]
    [InlineData("v1.now.AAAA", AffinityRejection.Malformed)]
    [InlineData("v1.aVeryLongKeyIdOfALiar.AAAA", AffinityRejection.Malformed)]
    [InlineData("v1.gone.AAAA", AffinityRejection.UnknownKey)]
    public void Open_NotOneOfOurs_SaysWhy(string text, AffinityRejection expected) => Assert.Equal(expected, Open(text).Rejection);

    [Theory]
    [InlineData("evil.example", "/")]
    [InlineData("shop.example", "/admin")]
    [InlineData("shop.exampl", "e/")]
    [InlineData("", "shop.example/")]
    public void Open_AtAnotherHostOrPath_IsBadTag(string host, string path) =>
        Assert.Equal(AffinityRejection.BadTag, _codec.Open(Seal(Cookie), new AffinityScope(host, path), Pool, AffinityLifetime.Unlimited, Now).Rejection);

    [Theory]
    [InlineData("SHOP.Example")]
    [InlineData("shop.example:8443")]
    [InlineData(".shop.example")]
    public void Open_AtTheSameHostWrittenDifferently_IsGood(string host) =>
        Assert.True(_codec.Open(Seal(Cookie), new AffinityScope(host, "/"), Pool, AffinityLifetime.Unlimited, Now).IsGood);

    [Fact]
    public void Open_AtAnotherAddressOfIpv6_IsBadTag()
    {
        var text = _codec.Seal(Cookie, new AffinityScope("[::1]:8080", "/"), Nonce());
        Assert.True(_codec.Open(text, new AffinityScope("[::1]", "/"), Pool, AffinityLifetime.Unlimited, Now).IsGood);
        Assert.Equal(AffinityRejection.BadTag, _codec.Open(text, new AffinityScope("[::2]", "/"), Pool, AffinityLifetime.Unlimited, Now).Rejection);
    }

    [Fact]
    public void Open_HostLongerThanAnyName_IsRejectedAndNothingIsSealed()
    {
        var host = new string('h', AffinityScope.MaxLength);
        Assert.Equal(AffinityRejection.ScopeTooLong, _codec.Open(Seal(Cookie), new AffinityScope(host, "/"), Pool, AffinityLifetime.Unlimited, Now).Rejection);
        Assert.Null(_codec.Seal(Cookie, new AffinityScope(host, "/"), Nonce()));
    }

    [Fact]
    public void Open_ForAnotherPool_IsWrongPool() =>
        Assert.Equal(AffinityRejection.WrongPool, Open(Seal(Cookie), PoolOf("forum", ("b", 1, 2))).Rejection);

    [Fact]
    public void Open_SealedByAnotherKeyOfTheRing_IsGoodAndAsksForANewSeal()
    {
        using var former = new AffinityCookieCodec(Ring with { SigningKeyId = "old" });
        var opening = Open(former.Seal(Cookie, Scope, Nonce())!);
        Assert.Equal(new AffinityOpening(AffinityRejection.None, Cookie, SealedByOldKey: true), opening);
    }

    [Fact]
    public void Open_SameIdOtherSecret_IsBadTag()
    {
        using var stranger = new AffinityCookieCodec(new KeyRing([Key("now", 99)], "now"));
        Assert.Equal(AffinityRejection.BadTag, Open(stranger.Seal(Cookie, Scope, Nonce())!).Rejection);
    }

    [Theory]
    [InlineData(3600, 0, 3660, false)]
    [InlineData(3600, 0, 3661, true)]
    [InlineData(0, 60, 120, false)]
    [InlineData(0, 60, 121, true)]
    [InlineData(0, 0, 1_000_000_000, false)]
    [InlineData(3600, 60, -86_400, false)]
    public void Open_AfterSomeTime_ExpiresAMinuteAfterTheBound(int absolute, int idle, long age, bool expired)
    {
        var lifetime = new AffinityLifetime(TimeSpan.FromSeconds(absolute), TimeSpan.FromSeconds(idle));
        var text = Seal(Cookie with { Issued = Now, LastSeen = Now });
        var rejection = _codec.Open(text, Scope, Pool, lifetime, Now + age).Rejection;
        Assert.Equal(expired ? AffinityRejection.Expired : AffinityRejection.None, rejection);
    }

    [Fact]
    public void Seal_WithoutASigningKey_GivesNoCookie()
    {
        using var codec = new AffinityCookieCodec(Ring with { SigningKeyId = "" });
        Assert.Null(codec.Seal(Cookie, Scope, Nonce()));
        Assert.True(codec.Open(Seal(Cookie), Scope, Pool, AffinityLifetime.Unlimited, Now).IsGood);
    }

    [Fact]
    public void Seal_NamesOfAnyLength_FitTheBoundOrGiveNoCookie()
    {
        foreach (var length in Enumerable.Range(1, 320))
        {
            var text = _codec.Seal(Cookie with { PoolId = new string('p', length), BackendId = new string('b', length) }, Scope, Nonce());
            Assert.Equal(length <= 255, text is not null);
            Assert.True((text?.Length ?? 0) <= AffinityCookieCodec.MaxLength);
        }
    }

    [Fact]
    public void Seal_BackendId_IsNotReadable()
    {
        var text = Seal(Cookie with { BackendId = "b" })["v1.now.".Length..];
        var other = Seal(Cookie with { BackendId = "c" })["v1.now.".Length..];
        Assert.Equal(text.Length, other.Length);
        Assert.DoesNotContain("shop", System.Text.Encoding.Latin1.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(text)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 32)]
    [InlineData("seventeencharacte", 32)]
    [InlineData("dot.ted", 32)]
    [InlineData("fine", 31)]
    public void Codec_OfAKeyThatCannotWork_IsRefused(string id, int secretLength) =>
        Assert.Throws<ArgumentException>(() => new AffinityCookieCodec(new KeyRing([new AffinityKey(id, [.. new byte[secretLength]])], id)));

    // Computed by another implementation of AES-GCM from the documented layout. Another text means that a release no longer opens the cookies of
    // the one before.
    [Fact]
    public void Seal_OfRecordedInput_IsTheRecordedText() =>
        Assert.Equal("v1.now.BwcHBwcHBwcHBwcHfr0A3N7ufWxAQoxVZx8biDQJT1g61EKGTVSsyr4B2SlpAXLFyD2lO8I7bSx2ox96PjfmucuBp4lV-ZUplDPY", Seal(Cookie));

    [Fact]
    public async Task Open_FromManyThreads_IsRightEveryTime()
    {
        var texts = Enumerable.Range(0, 64).Select(i => Seal(Cookie with { Epoch = i }, Nonce((byte)i))).ToArray();
        var workers = Enumerable.Range(0, 24).Select(_ => Task.Run(() => Enumerable.Range(0, 2000).All(i => Open(texts[i % 64]).Cookie.Epoch == i % 64)));
        Assert.All(await Task.WhenAll(workers), Assert.True);
    }

    [Fact]
    public void Open_AfterDispose_StillOpensForRequestsThatHoldTheCodec()
    {
        var text = Seal(Cookie);
        _codec.Dispose();
        Assert.True(Open(text).IsGood);
    }

    [Fact]
    public void Open_OfABadCookie_AllocatesNothing()
    {
        var good = Seal(Cookie);
        string[] texts = ["", "v1.now.!", "v1.gone.AAAA", good[..^1] + (good[^1] == 'A' ? 'Q' : 'A'), good[..20] + 'x' + good[21..], new string('A', 8192)];
        Assert.Equal(0, AllocatedBy(() =>
        {
            foreach (var text in texts)
                _codec.Open(text, Scope, Pool, AffinityLifetime.Unlimited, Now);
        }));
    }

    [Fact]
    public void Open_OfAGoodCookie_AllocatesOnlyTheNameOfAnUnknownBackend()
    {
        var known = Seal(Cookie);
        var unknown = Seal(Cookie with { BackendId = "gone" });
        Assert.Equal(0, AllocatedBy(() => _codec.Open(known, Scope, Pool, AffinityLifetime.Unlimited, Now)));
        Assert.Equal(32, AllocatedBy(() => _codec.Open(unknown, Scope, Pool, AffinityLifetime.Unlimited, Now)));
    }

    private static long AllocatedBy(Action action)
    {
        for (var warmUp = 0; warmUp < 3; warmUp++)
            action();
        var before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private string Seal(AffinityCookie cookie, byte[]? nonce = null) => _codec.Seal(cookie, Scope, nonce ?? Nonce())!;

    private AffinityOpening Open(string text, PoolDefinition? pool = null) =>
        _codec.Open(text, Scope, pool ?? Pool, AffinityLifetime.Unlimited, Now);
}
