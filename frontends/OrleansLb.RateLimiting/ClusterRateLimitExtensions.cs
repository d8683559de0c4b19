using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Core;
using OrleansLb.Frontend.Hosting;
using OrleansLb.Frontend.Leases;

namespace OrleansLb.RateLimiting;

/// <summary>Gives an application the cluster's rate limits.</summary>
public static class ClusterRateLimitExtensions
{
    /// <summary>
    /// Adds <see cref="ClusterRateLimits"/> and ASP.NET Core's rate limiting. The application must be an Orleans client of the cluster, or one of its silos. It becomes known to
    /// the cluster under <c>OrleansLb:Frontend:Id</c>, which must be its own and stay across restarts, and keeps in
    /// <c>OrleansLb:Frontend:DataDirectory</c> what it needs to go on limiting when no silo answers.
    /// </summary>
    /// <param name="services">Services of the application.</param>
    /// <param name="configuration">Its configuration.</param>
    /// <param name="configure">Names the policies that endpoints require, with <see cref="AddClusterPolicy"/>.</param>
    public static IServiceCollection AddOrleansLbRateLimits(this IServiceCollection services, IConfiguration configuration, Action<RateLimiterOptions>? configure = null)
    {
        services.AddOrleansLbLimitsOnly(configuration, $"{Environment.MachineName}-{AppDomain.CurrentDomain.FriendlyName}");
        services.AddCoHostedClusterLink();
        services.AddSingleton(static provider => new ClusterRateLimits(
            provider.GetRequiredService<RateLimiterTable>(),
            provider.GetRequiredService<RateLimitMetrics>(),
            provider.GetRequiredKeyedService<TimeProvider>(Clocks.Key)));
        return services.AddRateLimiter(options =>
        {
            options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            options.OnRejected = static (context, _) => Reject(context);
            configure?.Invoke(options);
        });
    }

    /// <summary>Adds one of the cluster's policies under its own name, for <c>RequireRateLimiting</c> and <c>[EnableRateLimiting]</c>.</summary>
    /// <param name="options">Options of ASP.NET Core's rate limiting.</param>
    /// <param name="policy">Name of the policy, here and in the cluster's configuration.</param>
    /// <param name="key">What a request counts against, as the user's name or an API key.</param>
    public static RateLimiterOptions AddClusterPolicy(this RateLimiterOptions options, string policy, Func<HttpContext, string> key)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(key);
        return options.AddPolicy(policy, context =>
        {
            var limits = context.RequestServices.GetRequiredService<ClusterRateLimits>();
            return RateLimitPartition.Get(key(context), text => limits.Limiter(policy, text));
        });
    }

    private static ValueTask Reject(OnRejectedContext context)
    {
        if (context.Lease.TryGetMetadata(MetadataName.RetryAfter, out var retryAfter))
            context.HttpContext.Response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(retryAfter.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return default;
    }
}
