using System.Net;
using Microsoft.Extensions.Time.Testing;
using OrleansLb.Hosting.Status.Access;

namespace OrleansLb.Hosting.Tests.Status.Access;

public sealed class FailedAttemptsTests
{
    private static readonly IPAddress Client = IPAddress.Parse("192.0.2.7");

    private readonly FakeTimeProvider _clock = new();
    private readonly FailedAttempts _attempts;

    public FailedAttemptsTests() => _attempts = new FailedAttempts(_clock);

    [Fact]
    public void Count_TenInAMinute_MakeTheClientWaitForTheRestOfIt()
    {
        for (var i = 0; i < FailedAttempts.Most; i++)
        {
            Assert.Null(_attempts.Wait(Client));
            Assert.Null(_attempts.Count(Client));
            _clock.Advance(TimeSpan.FromSeconds(2));
        }

        Assert.Equal(TimeSpan.FromSeconds(40), _attempts.Wait(Client));
        Assert.Equal(TimeSpan.FromSeconds(40), _attempts.Count(Client));
        Assert.Null(_attempts.Wait(IPAddress.Parse("192.0.2.8")));

        _clock.Advance(TimeSpan.FromSeconds(40));
        Assert.Null(_attempts.Wait(Client));
        Assert.Null(_attempts.Count(Client));
    }

    [Fact]
    public void Count_AddressesOfOneClient_AreCountedTogether()
    {
        for (var i = 0; i < FailedAttempts.Most; i++)
            _attempts.Count(IPAddress.Parse($"2001:db8:1:2::{i}"));

        Assert.NotNull(_attempts.Wait(IPAddress.Parse("2001:db8:1:2:ffff::1")));
        Assert.Null(_attempts.Wait(IPAddress.Parse("2001:db8:1:3::1")));
    }

    [Fact]
    public void Count_MoreClientsThanAreRemembered_ForgetsWhoBeganLongestAgo()
    {
        Fail(Client);
        _clock.Advance(TimeSpan.FromSeconds(1));
        for (var i = 0; i < FailedAttempts.MostClients - 1; i++)
            _attempts.Count(new IPAddress(i));
        Assert.NotNull(_attempts.Wait(Client));

        Fail(IPAddress.Parse("203.0.113.1"));
        Assert.Null(_attempts.Wait(Client));
        Assert.NotNull(_attempts.Wait(IPAddress.Parse("203.0.113.1")));
        Assert.Equal(FailedAttempts.MostClients, _attempts.Clients);

        _clock.Advance(FailedAttempts.Window);
        _attempts.Count(Client);
        Assert.Equal(1, _attempts.Clients);
    }

    private void Fail(IPAddress client)
    {
        for (var i = 0; i < FailedAttempts.Most; i++)
            _attempts.Count(client);
    }
}
