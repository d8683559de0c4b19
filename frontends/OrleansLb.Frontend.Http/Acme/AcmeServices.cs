using Microsoft.Extensions.DependencyInjection;

namespace OrleansLb.Frontend.Http.Acme;

/// <summary>Adds what front-ends do for the certificates that the cluster orders: they answer authorities, and show what was issued.</summary>
internal static class AcmeServices
{
    /// <summary>Adds it.</summary>
    public static void AddClusterCertificates(this IServiceCollection services)
    {
        services.AddSingleton<ChallengeBook>();
        services.AddSingleton<ChallengeMetrics>();
        services.AddSingleton<ClusterCertificates>();
        services.AddHostedService<AcmeFollower>();
    }
}
