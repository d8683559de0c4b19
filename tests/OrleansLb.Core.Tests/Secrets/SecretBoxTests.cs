using CsCheck;
using OrleansLb.Core.Secrets;

namespace OrleansLb.Core.Tests.Secrets;

public sealed class SecretBoxTests
{
    private static readonly byte[] First = [.. Enumerable.Repeat((byte)1, SecretBox.KeyLength)];
    private static readonly byte[] Second = [.. Enumerable.Repeat((byte)2, SecretBox.KeyLength)];

    private static readonly Gen<byte[]> Nonce = Gen.Byte.Array[SecretBox.NonceLength];

    [Fact]
    public void WhatWasSealedIsOpenedByTheSameNameAlone() =>
        Gen.Select(Gen.Byte.Array[0, 300], Gen.String[0, 20], Gen.String[0, 20], Nonce).Sample(static (secret, name, other, nonce) =>
        {
            var box = new SecretBox(First);
            var sealedSecret = box.Seal(secret, name, nonce);
            return box.Open(sealedSecret, name)!.AsSpan().SequenceEqual(secret) && (name == other || box.Open(sealedSecret, other) is null);
        });

    [Fact]
    public void WhatIsDamagedAnywhereIsNotOpened() =>
        Gen.Select(Gen.Byte.Array[0, 40], Nonce, Gen.Int[0, 10_000], Gen.Byte[1, 255]).Sample(static (secret, nonce, place, damage) =>
        {
            var box = new SecretBox(First);
            var sealedSecret = box.Seal(secret, "name", nonce);
            sealedSecret[place % sealedSecret.Length] ^= damage;
            return box.Open(sealedSecret, "name") is null;
        });

    [Fact]
    public void WhatIsCutShortIsNotOpened() => Gen.Int[0, 60].Sample(static length =>
    {
        var box = new SecretBox(First);
        var sealedSecret = box.Seal(new byte[24], "name", new byte[SecretBox.NonceLength]);
        return box.Open(sealedSecret.AsSpan(..Math.Min(length, sealedSecret.Length - 1)), "name") is null;
    });

    [Fact]
    public void Open_SealedByTheKeyBefore_IsOpenedAndNotCurrent()
    {
        var before = new SecretBox(First).Seal("secret"u8, "name", new byte[SecretBox.NonceLength]);
        var (both, after) = (new SecretBox(Second, First), new SecretBox(Second));

        Assert.Equal("secret"u8.ToArray(), both.Open(before, "name"));
        Assert.False(both.IsCurrent(before));
        Assert.True(both.IsCurrent(both.Seal("secret"u8, "name", new byte[SecretBox.NonceLength])));
        Assert.Null(after.Open(before, "name"));
    }

    [Fact]
    public void New_KeyOfAnotherLength_IsRefused() => Assert.Throws<ArgumentException>(static () => new SecretBox(new byte[31]));
}
