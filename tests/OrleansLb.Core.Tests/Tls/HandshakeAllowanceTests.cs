using System.Net;
using CsCheck;
using OrleansLb.Core.Tls;

namespace OrleansLb.Core.Tests.Tls;

public sealed class HandshakeAllowanceTests
{
    private static readonly IPAddress Client = IPAddress.Parse("192.0.2.7");

    private static readonly Gen<int[]> GenTimes = Gen.Int[0, 60_000].Array[1, 300].Select(static times => times.Order().ToArray());

    [Fact]
    public void TryBegin_WheneverAClientComes_HasNoMoreThanItsOwnInAnyTime() =>
        Gen.Select(Gen.Int[1, 20], GenTimes).Sample(static (most, times) =>
        {
            var allowance = new HandshakeAllowance(most, TimeSpan.Zero);
            var begun = times.Where(time => allowance.TryBegin(Client, Ms(time))).ToList();
            return Enumerable.Range(0, begun.Count).All(first => Enumerable.Range(first, begun.Count - first)
                .All(last => last - first + 1 <= most + ((begun[last] - begun[first]) / HandshakeAllowance.Period.TotalMilliseconds * most) + 1e-6));
        });

    [Fact]
    public void TryBegin_ClientThatSucceeds_IsNeverTurnedAway() =>
        Gen.Select(Gen.Int[1, 20], GenTimes).Sample(static (most, times) =>
        {
            var allowance = new HandshakeAllowance(most, TimeSpan.Zero);
            return times.All(time =>
            {
                var may = allowance.TryBegin(Client, Ms(time), out var ticket);
                allowance.Succeeded(Client, ticket, Ms(time));
                return may;
            });
        });

    [Fact]
    public void TryBegin_HandshakesThatFailOrAreUnderWay_CountAlike() =>
        Gen.Select(Gen.Int[1, 20], Gen.Bool.Array[1, 60]).Sample(static (most, fails) =>
        {
            var allowance = new HandshakeAllowance(most, TimeSpan.Zero);
            var begun = fails.Count(fail =>
            {
                var may = allowance.TryBegin(Client, TimeSpan.Zero, out var ticket);
                if (may && fail)
                    allowance.Failed(Client, ticket, TimeSpan.Zero);
                return may;
            });
            return begun == Math.Min(most, fails.Length);
        });

    [Fact]
    public void TryBegin_FirstOfAProcess_MayBeginAllAtOnce()
    {
        var allowance = new HandshakeAllowance(7, TimeSpan.Zero);
        Assert.Equal(7, Enumerable.Range(0, 20).Count(_ => allowance.TryBegin(Client, TimeSpan.Zero)));
    }

    [Theory]
    [InlineData("192.0.2.7", "::ffff:192.0.2.7", true)]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::1", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("192.0.2.7", "192.0.2.8", false)]
    [InlineData(null, null, true)]
    public void TryBegin_TwoAddresses_AreOneClientOrTwo(string? first, string? second, bool isOne)
    {
        var allowance = new HandshakeAllowance(1, TimeSpan.Zero);
        Assert.True(allowance.TryBegin(AddressOf(first), TimeSpan.Zero));
        Assert.Equal(!isOne, allowance.TryBegin(AddressOf(second), TimeSpan.Zero));
    }

    [Fact]
    public void TryBegin_MillionInventedClients_AreBoundedAndSetNobodyFree()
    {
        var allowance = new HandshakeAllowance(3, TimeSpan.Zero);
        while (allowance.TryBegin(Client, TimeSpan.Zero))
        {
            // Until nothing is left.
        }

        for (var invented = 0; invented < 1_000_000; invented++)
            allowance.TryBegin(new IPAddress([10, (byte)(invented >> 16), (byte)(invented >> 8), (byte)invented]), TimeSpan.Zero);
        Assert.InRange(allowance.Clients, 1, HandshakeAllowance.MostClients);
        Assert.False(allowance.TryBegin(Client, TimeSpan.Zero));
        Assert.True(allowance.TryBegin(Client, HandshakeAllowance.Period));
    }

    private static IPAddress? AddressOf(string? text) => text is null ? null : IPAddress.Parse(text);

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
