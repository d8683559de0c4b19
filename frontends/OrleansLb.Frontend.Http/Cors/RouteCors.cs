using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace OrleansLb.Frontend.Http.Cors;

/// <summary>Tells browsers of other origins what the routes' policies say.</summary>
internal static class RouteCors
{
    /// <summary>Adds the policies to those of the framework, by which YARP knows them.</summary>
    public static void AddRouteCors(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<EdgeCorsOptions>().Bind(configuration.GetSection(EdgeCorsOptions.SectionName)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<EdgeCorsOptions>, CorsOptionsValidation>();
        services.AddOptions<CorsOptions>().Configure<IOptions<EdgeCorsOptions>>(static (cors, ours) => Add(cors, ours.Value));
    }

    /// <summary>Adds it behind the choice of the route, before anybody is asked who it is: browsers ask for leave without saying that.</summary>
    public static void UseRouteCors(this IApplicationBuilder application) => application.UseWhen(
        static context => context.GetEndpoint()?.Metadata.GetMetadata<ICorsMetadata>() is not null, static branch => branch.UseCors());

    private static void Add(CorsOptions cors, EdgeCorsOptions ours)
    {
        foreach (var (name, policy) in ours.Policies)
            cors.AddPolicy(name, Build(policy));
        if (ours.Default is { } chosen)
            cors.DefaultPolicyName = ours.Policies.Keys.First(name => string.Equals(name, chosen, StringComparison.OrdinalIgnoreCase));
    }

    private static CorsPolicy Build(EdgeCorsPolicyOptions policy)
    {
        // A list with the star in it is all, to the framework as to us.
        var builder = new CorsPolicyBuilder([.. policy.Origins]).WithMethods([.. policy.Methods]).WithHeaders([.. policy.Headers]).WithExposedHeaders([.. policy.ExposedHeaders]);
        if (policy.Origins.Any(static origin => origin.Contains("*.", StringComparison.Ordinal)))
            builder.SetIsOriginAllowedToAllowWildcardSubdomains();
        if (policy.Credentials)
            builder.AllowCredentials();
        if (policy.MaxAge is { } age)
            builder.SetPreflightMaxAge(age);
        return builder.Build();
    }
}
