using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Frontend.Pools;

namespace OrleansLb.Frontend.Tests.Health;

/// <summary>Waits for what a front-end holds to be true of its backends.</summary>
internal static class FrontendPoolExtensions
{
    /// <summary>The pool that the tests configure.</summary>
    internal static FrontendPool Pool(this ClusterFrontend frontend) => frontend.Services.GetRequiredService<PoolTable>().Current["app"];

    /// <summary>Completes as soon as the pool meets a condition; fails after half a minute with what it is instead.</summary>
    internal static async Task Reaches(this ClusterFrontend frontend, Func<FrontendPool, bool> condition)
    {
        var pools = frontend.Services.GetRequiredService<PoolTable>();
        var met = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look()
        {
            if (pools.Current.TryGetValue("app", out var pool) && condition(pool))
                met.TrySetResult();
        }

        pools.HealthChanged += _ => Look();
        pools.Changed += _ => Look();
        Look();
        try
        {
            await met.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"The pool is {string.Join(", ", pools.Current["app"].Health.Statuses.ToArray())}.");
        }
    }
}
