using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Frontend.Http.Health;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace OrleansLb.Frontend.Tests.Health;

/// <summary>The product's policy, and something that a test wants to happen after its answer and before YARP has it.</summary>
internal sealed class InterruptedPolicy(ClusterHealthyOrPanicPolicy policy, Action? first = null) : IAvailableDestinationsPolicy
{
    private Action? _interruption = first;

    public string Name => policy.Name;

    /// <summary>Puts it in the place of the product's.</summary>
    /// <param name="services">The services of a front-end.</param>
    /// <param name="first">What happens after the first answer.</param>
    public static void Replace(IServiceCollection services, Action<IServiceProvider>? first = null)
    {
        services.Remove(services.Single(static service => !service.IsKeyedService && service.ImplementationType == typeof(ClusterHealthyOrPanicPolicy)));
        services.AddSingleton<ClusterHealthyOrPanicPolicy>();
        services.AddSingleton(provider => new InterruptedPolicy(
            provider.GetRequiredService<ClusterHealthyOrPanicPolicy>(), first is null ? null : () => first(provider)));
        services.AddSingleton<IAvailableDestinationsPolicy>(static provider => provider.GetRequiredService<InterruptedPolicy>());
    }

    /// <summary>Has something happen after the next answer.</summary>
    public void Interrupt(Action interruption) => Volatile.Write(ref _interruption, interruption);

    public IReadOnlyList<DestinationState> GetAvailalableDestinations(ClusterConfig config, IReadOnlyList<DestinationState> allDestinations)
    {
        var answer = policy.GetAvailalableDestinations(config, allDestinations);
        Interlocked.Exchange(ref _interruption, null)?.Invoke();
        return answer;
    }
}
