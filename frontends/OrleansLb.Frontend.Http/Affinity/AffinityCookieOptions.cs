using Microsoft.AspNetCore.Http;
using OrleansLb.Core.Affinity;
using Yarp.ReverseProxy.Configuration;

namespace OrleansLb.Frontend.Http.Affinity;

/// <summary>YARP's cookie settings with our defaults: HttpOnly, Secure on TLS, SameSite=Lax, host-only, for the whole site.</summary>
internal static class AffinityCookieOptions
{
    public const string DefaultPath = "/";

    /// <summary>YARP's cookies end a fixed time after the session began; so do ours, and here the server enforces it.</summary>
    public static AffinityLifetime LifetimeOf(SessionAffinityConfig config) =>
        new(config.Cookie?.MaxAge ?? config.Cookie?.Expiration ?? TimeSpan.Zero, TimeSpan.Zero);

    public static CookieOptions Create(SessionAffinityConfig config, bool isHttps, TimeSpan age, DateTimeOffset now)
    {
        var cookie = config.Cookie;
        return new CookieOptions
        {
            Path = cookie?.Path ?? DefaultPath,
            Domain = cookie?.Domain,
            HttpOnly = cookie?.HttpOnly ?? true,
            IsEssential = cookie?.IsEssential ?? false,
            SameSite = cookie?.SameSite ?? SameSiteMode.Lax,
            Secure = IsSecure(cookie?.SecurePolicy ?? CookieSecurePolicy.SameAsRequest, isHttps),
            MaxAge = Remaining(cookie?.MaxAge, age),
            Expires = now + Remaining(cookie?.Expiration, age),
        };
    }

    private static bool IsSecure(CookieSecurePolicy policy, bool isHttps) =>
        policy == CookieSecurePolicy.Always || (policy == CookieSecurePolicy.SameAsRequest && isHttps);

    private static TimeSpan? Remaining(TimeSpan? lifetime, TimeSpan age) =>
        lifetime is { } bound ? TimeSpan.FromSeconds(Math.Max(0, Math.Floor((bound - age).TotalSeconds))) : null;
}
