using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansLb.Contracts;
using OrleansLb.Contracts.Frontends;
using OrleansLb.Contracts.Sessions;
using OrleansLb.Core;
using OrleansLb.Grains.Frontends;

namespace OrleansLb.Grains.Sessions;

/// <summary>Tells every front-end which bindings of a range changed.</summary>
internal sealed partial class SessionPusher(
    FrontendDirectoryFollower frontends,
    [FromKeyedServices(Clocks.Key)] TimeProvider clock,
    ILogger<SessionPusher> logger)
{
    /// <summary>What changes within this time goes out in one push: when a backend dies, its sessions move at the rate of their requests.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(5);

    /// <summary>Lets changes gather.</summary>
    public Task Gather() => Task.Delay(Gathering, clock);

    /// <summary>Tells it to all; does not wait for their answers, since whoever misses it looks for itself.</summary>
    public void Push(SessionChange change)
    {
        foreach (var entry in frontends.LiveCarriers)
            _ = Push(entry, change);
    }

    private async Task Push(FrontendEntry entry, SessionChange change)
    {
        try
        {
            await entry.Observer.SessionsChanged(change);
        }
        catch (Exception exception) when (GrainCall.IsFailure(exception))
        {
            LogNotPushed(logger, entry.FrontendId, change.PoolId, exception.Message);
        }
    }
}
