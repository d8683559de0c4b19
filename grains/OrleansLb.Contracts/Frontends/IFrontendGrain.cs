namespace OrleansLb.Contracts.Frontends;

/// <summary>One front-end as the cluster sees it: registered, alive, draining or gone. The key is the front-end's id.</summary>
[Alias("OrleansLb.IFrontendGrain"), GrainInterfaceType("OrleansLb.Contracts.Frontends.IFrontendGrain"), FromFrontend]
public interface IFrontendGrain : IGrainWithStringKey
{
    /// <summary>Registers an incarnation of the front-end. A higher incarnation replaces a lower one; a lower one is refused.</summary>
    /// <param name="registration">Who the front-end is and how to call it back.</param>
    /// <returns><see langword="false"/> when a higher incarnation is already registered.</returns>
    [Alias("Register"), CalledBy(Caller.Frontend), ResponseTimeout("00:00:01")]
    ValueTask<bool> Register(FrontendRegistration registration);

    /// <summary>Says that the front-end is alive; due every 250 ms, and missed for 1 s means gone.</summary>
    /// <param name="heartbeat">What the front-end says about itself.</param>
    [Alias("Heartbeat"), CalledBy(Caller.Frontend), ResponseTimeout("00:00:00.500")]
    ValueTask<FrontendHeartbeatReply> Heartbeat(FrontendHeartbeat heartbeat);

    /// <summary>Says goodbye: the front-end has drained and holds nothing any more.</summary>
    /// <param name="incarnation">Incarnation that leaves; any other is left alone.</param>
    [Alias("Leave"), CalledBy(Caller.Frontend), ResponseTimeout("00:00:01")]
    ValueTask Leave(long incarnation);
}
