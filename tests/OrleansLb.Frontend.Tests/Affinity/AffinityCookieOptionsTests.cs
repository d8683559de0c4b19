using Microsoft.AspNetCore.Http;
using OrleansLb.Frontend.Http.Affinity;
using Yarp.ReverseProxy.Configuration;

namespace OrleansLb.Frontend.Tests.Affinity;

public sealed class AffinityCookieOptionsTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddYears(60);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Create_Defaults_AreSafe(bool isHttps)
    {
        var options = AffinityCookieOptions.Create(new SessionAffinityConfig(), isHttps, TimeSpan.Zero, Now);
        Assert.Equal(isHttps, options.Secure);
        Assert.True(options.HttpOnly);
        Assert.Equal(SameSiteMode.Lax, options.SameSite);
        Assert.Equal(("/", null, null, null), (options.Path, options.Domain, options.MaxAge, options.Expires));
    }

    [Fact]
    public void Create_CookieSettings_AreObeyed()
    {
        var config = new SessionAffinityConfig
        {
            Cookie = new SessionAffinityCookieConfig
            {
                Path = "/shop",
                Domain = "example.com",
                HttpOnly = false,
                SameSite = SameSiteMode.Strict,
                SecurePolicy = CookieSecurePolicy.Always,
            },
        };
        var options = AffinityCookieOptions.Create(config, isHttps: false, TimeSpan.Zero, Now);
        Assert.Equal(("/shop", "example.com", false, SameSiteMode.Strict, true), (options.Path, options.Domain, options.HttpOnly, options.SameSite, options.Secure));
    }

    [Fact]
    public void Create_OfAnOlderSession_EndsWhenTheSessionDoes()
    {
        var config = new SessionAffinityConfig { Cookie = new SessionAffinityCookieConfig { MaxAge = TimeSpan.FromHours(2), Expiration = TimeSpan.FromHours(3) } };
        var options = AffinityCookieOptions.Create(config, isHttps: false, TimeSpan.FromHours(1), Now);
        Assert.Equal((TimeSpan.FromHours(1), Now.AddHours(2)), (options.MaxAge, options.Expires));
    }
}
