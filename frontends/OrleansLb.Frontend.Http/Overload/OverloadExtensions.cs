using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Core.Overload;
using OrleansLb.Frontend.Http.Limits;
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
        services.AddOptions<KestrelServerOptions>().Configure<OverloadGate, RejectionMetrics>(static (kestrel, gate, metrics) =>
            kestrel.ConfigureEndpointDefaults(listener => listener.Use(next => connection => gate.Level == OverloadLevel.Connections ? Refuse(connection, metrics) : next(connection))));
    }

    private static Task Refuse(ConnectionContext connection, RejectionMetrics metrics)
    {
        metrics.ConnectionRejected(RejectionMetrics.NoMemory);
        connection.Abort(new ConnectionAbortedException("There is no memory for another connection."));
        return Task.CompletedTask;
    }
}
