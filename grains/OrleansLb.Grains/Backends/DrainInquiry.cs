using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Contracts;
using OrleansLb.Contracts.Draining;
using OrleansLb.Contracts.Frontends;
using OrleansLb.Core;

namespace OrleansLb.Grains.Backends;

/// <summary>Asks every live front-end what it has in flight at draining backends.</summary>
internal sealed class DrainInquiry(IGrainFactory grains, [FromKeyedServices(Clocks.Key)] TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    /// <summary>Asks, and waits half a second for each answer at most.</summary>
    /// <param name="query">The question.</param>
    /// <exception cref="OrleansException">The directory of front-ends cannot be reached.</exception>
    /// <exception cref="TimeoutException">The directory of front-ends does not answer.</exception>
    public async Task<DrainAnswers> Ask(DrainQuery query)
    {
        var list = await grains.GetGrain<IFrontendDirectoryGrain>(IFrontendDirectoryGrain.Key).List();
        var carriers = list.Carriers.ToArray();
        var reports = await Task.WhenAll(carriers.Select(entry => Ask(entry.Observer, query)));
        return new DrainAnswers(list.Settled, [.. carriers.Zip(reports, static (entry, answer) => (entry.FrontendId, answer))]);
    }

    private async Task<DrainReport[]> Ask(IFrontendObserver frontend, DrainQuery query)
    {
        try
        {
            return await frontend.ReportDrains(query).WaitAsync(Patience, clock);
        }
        catch (Exception exception) when (GrainCall.IsFailure(exception))
        {
            // Who does not answer may have anything in flight, which is what no report at all says.
            return [];
        }
    }
}
