using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Hosting.Status;

namespace OrleansLb.Frontend.Http.Overload;

/// <summary>Adds what keeps a front-end within its memory.</summary>
internal static class OverloadExtensions
{
    public static void AddOverloadProtection(this IServiceCollection services)
    {
        services.AddSingleton<OverloadGate>();
        services.AddSingleton<ConnectionMemory>();
        services.AddSingleton<IMemoryPoolFactory<byte>>(static services => services.GetRequiredService<ConnectionMemory>());
        services.AddHostedService<MemoryWatch>();
        services.AddSingleton<IReadinessCheck, OverloadReadinessCheck>();
    }
}
