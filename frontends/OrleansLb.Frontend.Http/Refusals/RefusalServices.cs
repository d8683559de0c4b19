using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansLb.Frontend.Http.Limits;

namespace OrleansLb.Frontend.Http.Refusals;

/// <summary>Adds what makes refusals visible, whoever refuses.</summary>
internal static class RefusalServices
{
    public static void AddRefusals(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<RefusalLog>();
        builder.Services.AddSingleton<RejectionMetrics>();
        // In the place of the framework's, which is the host's listener; only the server asks for it.
        builder.Services.AddSingleton<DiagnosticSource, ServerRefusals>();
        builder.Logging.AddProvider(new ServerDetails());
        builder.Logging.AddFilter<ServerDetails>(category: null, LogLevel.None);
        builder.Logging.AddFilter<ServerDetails>(ServerDetails.Category, LogLevel.Information);
    }
}
