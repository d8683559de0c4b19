namespace OrleansLb.Contracts.Events;

/// <summary>What an event is about. Numbers are part of the contract; a reader must let pass what it does not know.</summary>
[GenerateSerializer, Alias("OrleansLb.ClusterEventKind")]
public enum ClusterEventKind
{
    /// <summary>A backend's state, or which traffic it takes, changed; see <see cref="ClusterEvent.Change"/>.</summary>
    BackendStateChanged = 0,

    /// <summary>A drain began, or got another time.</summary>
    DrainBegan = 1,

    /// <summary>The time of a drain was over before nothing was left: what is in flight is cut off.</summary>
    DrainTimedOut = 2,

    /// <summary>A drain ended: nothing is in flight there at any front-end, and nothing comes any more.</summary>
    Drained = 3,

    /// <summary>A configuration is in force.</summary>
    ConfigurationAccepted = 4,

    /// <summary>A configuration was refused.</summary>
    ConfigurationRefused = 5,

    /// <summary>A front-end registered, or registered again after the silo that knew it was lost.</summary>
    FrontendRegistered = 6,

    /// <summary>A front-end said goodbye or fell silent.</summary>
    FrontendGone = 7,

    /// <summary>A silo joined the cluster.</summary>
    SiloJoined = 8,

    /// <summary>A silo left the cluster or was declared dead.</summary>
    SiloLeft = 9,

    /// <summary>A configuration under which requests failed was taken back by the cluster itself.</summary>
    ConfigurationRolledBack = 10,
}
