using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrleansLb.Hosting.Lifetime;

namespace OrleansLb.Frontend.Http.AccessLog;

/// <summary>Adds the access log where there is one.</summary>
internal static class AccessLogExtensions
{
    public static void AddAccessLog(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<AccessLogOptions>().Bind(configuration.GetSection(AccessLogOptions.SectionName)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AccessLogOptions>, AccessLogOptionsValidation>();
        services.AddSingleton<RequestNotes>();
        if (configuration[$"{AccessLogOptions.SectionName}:{nameof(AccessLogOptions.Path)}"] is null)
            return;
        services.AddSingleton<AccessLogMetrics>();
        services.AddSingleton<AccessLogWriter>();
        services.AddSingleton<AccessLogRecorder>();
        services.AddSingleton<IReloadable>(static provider => provider.GetRequiredService<AccessLogWriter>());
        services.AddHostedService(static provider => provider.GetRequiredService<AccessLogWriter>());
    }

    /// <summary>Adds it around all that comes after; without one, no request pays for the question.</summary>
    public static void UseAccessLog(this IApplicationBuilder application)
    {
        if (application.ApplicationServices.GetService<AccessLogWriter>() is not null)
            application.UseMiddleware<AccessLogMiddleware>();
    }
}
