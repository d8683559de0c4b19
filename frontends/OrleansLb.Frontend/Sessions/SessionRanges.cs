using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansLb.Contracts;
using OrleansLb.Contracts.Sessions;
using OrleansLb.Core;
using OrleansLb.Core.Sessions;
using OrleansLb.Frontend.Cluster;

namespace OrleansLb.Frontend.Sessions;

/// <summary>A front-end's conversation with the ranges of learned sessions.</summary>
internal sealed partial class SessionRanges(
    FrontendIdentity identity,
    IClusterLink link,
    ClusterContact contact,
    [FromKeyedServices(Clocks.Key)] TimeProvider clock,
    ILogger<SessionRanges> logger)
{
    /// <summary>Whether this front-end is on its own.</summary>
    public bool IsLost => link.Grains is null || contact.IsLost;

    /// <summary>Asks a range for the binding of one session.</summary>
    /// <returns>What may be acted upon; <see langword="null"/> when the range does not answer, cannot decide yet, or was replaced meanwhile.</returns>
    public async Task<SessionReply?> Ask(PoolSessions sessions, SessionClaim claim)
    {
        var memory = sessions.RangeOf(claim.Key);
        var ticket = memory.Ask(clock.GetElapsedTime(0));
        var reply = await Call(sessions, claim.Key.Range, grain => grain.Bind(claim.ToWire(identity, memory.Epoch)));
        return reply is not null && memory.TryAccept(claim.Key, reply.ToCore(), ticket, clock.GetElapsedTime(0)) ? reply : null;
    }

    /// <summary>Looks what was missed of a range.</summary>
    public async Task Look(PoolSessions sessions, int range)
    {
        var memory = sessions.Range(range);
        if (await Call(sessions, range, grain => grain.Look(new SessionLook(identity.Id, identity.Incarnation, memory.Epoch, memory.Seen))) is { } change)
            memory.Take(change.ToCore());
    }

    private async Task<TReply?> Call<TReply>(PoolSessions sessions, int range, Func<ISessionGrain, ValueTask<TReply?>> call)
        where TReply : class
    {
        try
        {
            if (link.Grains is not { } grains)
                return null;
            var reply = await call(grains.GetGrain<ISessionGrain>(ISessionGrain.KeyOf(sessions.PoolId, range)));
            contact.Made();
            return reply;
        }
        catch (Exception exception) when (GrainCall.IsFailure(exception))
        {
            LogNotAnswered(logger, range, sessions.PoolId, exception.Message);
            return null;
        }
    }
}
