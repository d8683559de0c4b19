using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrleansLb.Configuration;
using OrleansLb.Hosting.Status;

namespace OrleansLb.Frontend.Http.Authentication;

/// <summary>Adds policies of who may use routes.</summary>
internal static class AuthenticationServices
{
    /// <summary>Adds them; before what compiles configurations.</summary>
    public static void AddEdgeAuthentication(this WebApplicationBuilder builder)
    {
        var (services, section) = (builder.Services, builder.Configuration.GetSection(EdgeAuthenticationOptions.SectionName));
        services.AddOptions<EdgeAuthenticationOptions>().Bind(section).Configure(options => PolicyLists.AddTo(options, section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<EdgeAuthenticationOptions>, AuthenticationOptionsValidation>();
        services.AddSingleton<RoutePolicies>();
        services.AddSingleton<IRoutePolicies>(static provider => provider.GetRequiredService<RoutePolicies>());
        services.AddSingleton<AuthenticationMetrics>();
        services.AddSingleton<AuthenticationSourceMetrics>();
        services.AddSingleton<AuthenticationPolicies>();
        if (!section.GetSection(nameof(EdgeAuthenticationOptions.Policies)).GetChildren().Any())
            return;
        services.AddHostedService<AuthenticationWatcher>();
        services.AddSingleton<IReadinessCheck, AuthenticationReadinessCheck>();
    }

    /// <summary>Whether there is any: where there is none no request pays for the question.</summary>
    public static bool HasPolicies(this IApplicationBuilder application) =>
        application.ApplicationServices.GetRequiredService<IOptions<EdgeAuthenticationOptions>>().Value.Policies.Count > 0;
}
