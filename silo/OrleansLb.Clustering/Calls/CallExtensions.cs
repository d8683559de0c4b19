using Microsoft.Extensions.DependencyInjection.Extensions;
using OrleansLb.Hosting.Telemetry;

namespace OrleansLb.Clustering.Calls;

/// <summary>Who may call what in a silo.</summary>
internal static class CallExtensions
{
    /// <summary>Lets front-ends call what they need in their own names, and nothing else. After what makes sure of who sends.</summary>
    /// <param name="silo">The silo.</param>
    public static void AddFrontendCallFilter(this ISiloBuilder silo)
    {
        silo.Services.TryAddSingleton<RejectionCounter>();
        silo.AddIncomingGrainCallFilter<FrontendCallFilter>();
    }
}
