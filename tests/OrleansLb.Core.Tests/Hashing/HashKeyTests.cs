using System.Net;
using OrleansLb.Core.Hashing;

namespace OrleansLb.Core.Tests.Hashing;

public sealed class HashKeyTests
{
    [Theory]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2:ffff::1", 64, true)]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:3:3:4:5:6", 64, false)]
    [InlineData("2001:db8:1:2::", "2001:db8:1:3::", 63, true)]
    [InlineData("2001:db8:1:2::", "2001:db8:1:4::", 63, false)]
    [InlineData("2001:db8::1", "2001:db8::2", 128, false)]
    [InlineData("2001:db8::1", "2001:db8::1", 500, true)]
    [InlineData("2001:db8::1", "fe80::7", -5, true)]
    [InlineData("fe80::1%3", "fe80::1%4", 128, true)]
    [InlineData("192.0.2.7", "::ffff:192.0.2.7", 64, true)]
    [InlineData("192.0.2.7", "192.0.2.8", 0, false)]
    [InlineData("::ffff:192.0.2.7", "::ffff:192.0.2.8", 64, false)]
    public void Of_Addresses_AreOneKeyIfTheirPrefixIsTheSame(string one, string other, int prefixLength, bool same) =>
        Assert.Equal(same, HashKey.Of(IPAddress.Parse(one), prefixLength) == HashKey.Of(IPAddress.Parse(other), prefixLength));

    [Fact]
    public void Of_NoAddress_IsAKeyOfItsOwn() => Assert.NotEqual(HashKey.Of(IPAddress.Any), HashKey.Of((IPAddress?)null));

    [Fact]
    public void Then_OtherOrderOrSplit_IsAnotherKey()
    {
        Assert.NotEqual(HashKey.Of("a").Then(HashKey.Of("b")), HashKey.Of("b").Then(HashKey.Of("a")));
        Assert.NotEqual(HashKey.Of("/ab").Then(HashKey.Of("c")), HashKey.Of("/a").Then(HashKey.Of("bc")));
    }

    // Recorded once: another value means that front-ends of two releases would send one client to two backends.
    [Fact]
    public void Of_RecordedInputs_IsTheSameBitForBit() =>
        Assert.Equal<ulong[]>(
            [3244421341483603138, 6306353013633375055, 9870245563186445641, 6118176507351991745, 228078145334683043, 17051505956922447764],
            [
                HashKey.Of("").Value,
                HashKey.Of("/index.html").Value,
                HashKey.Of("session"u8).Value,
                HashKey.Of(IPAddress.Parse("192.0.2.7")).Value,
                HashKey.Of(IPAddress.Parse("2001:db8:1:2::7")).Value,
                HashKey.Of("/search").Then(HashKey.Of("?q=1")).Value,
            ]);
}
