using System.Net;
using OrleansLb.Core.Sessions;

namespace OrleansLb.Core.Tests.Sessions;

public sealed class SessionHasherTests
{
    private static readonly byte[] Secret = [.. Enumerable.Range(0, 32).Select(static number => (byte)number)];

    [Fact]
    public void Of_SameValue_IsTheRecordedKeyInEveryRelease() =>
        Assert.Equal("246d49333a88b705482ab65621643038", new SessionHasher(Secret, "app").Of("0123456789").ToString());

    [Fact]
    public void Of_OtherSecretPoolOrValue_IsAnotherKey()
    {
        SessionKey[] keys =
        [
            new SessionHasher(Secret, "app").Of("a"),
            new SessionHasher(Secret, "app").Of("b"),
            new SessionHasher(Secret, "App").Of("a"),
            new SessionHasher(Secret.AsSpan(1), "app").Of("a"),
            new SessionHasher(Secret, "app").Of(""),
        ];

        Assert.Equal(keys.Length, keys.Distinct().Count());
    }

    [Fact]
    public void Of_Addresses_CountByTheirPrefix()
    {
        var hasher = new SessionHasher(Secret, "app");

        Assert.Equal(hasher.Of(IPAddress.Parse("2001:db8::1"), 64), hasher.Of(IPAddress.Parse("2001:db8::2"), 64));
        Assert.NotEqual(hasher.Of(IPAddress.Parse("2001:db8::1"), 128), hasher.Of(IPAddress.Parse("2001:db8::2"), 128));
        Assert.Equal(hasher.Of(IPAddress.Parse("10.0.0.1"), 64), hasher.Of(IPAddress.Parse("::ffff:10.0.0.1"), 64));
    }

    [Fact]
    public void Key_TextAndBack_IsTheSame()
    {
        var key = new SessionHasher(Secret, "app").Of("a");

        Assert.True(SessionKey.TryParse(key.ToString(), out var read));
        Assert.Equal(key, read);
        Assert.All((string[])["", "1", new string('g', 32), new string('1', 33), " " + new string('1', 31)], static text => Assert.False(SessionKey.TryParse(text, out _)));
    }

    [Fact]
    public void Range_Keys_AreDividedInTheirOrder()
    {
        Assert.Equal(0, new SessionKey(0, ulong.MaxValue).Range);
        Assert.Equal(SessionKey.RangeCount - 1, new SessionKey(ulong.MaxValue, 0).Range);
        Assert.Equal(1, new SessionKey(1UL << 58, 0).Range);
    }
}
