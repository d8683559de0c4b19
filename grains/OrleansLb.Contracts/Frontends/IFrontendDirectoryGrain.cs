using Orleans.Concurrency;

namespace OrleansLb.Contracts.Frontends;

/// <summary>The list of live front-ends, with the way to call each back. One grain, key <see cref="Key"/>.</summary>
[Alias("OrleansLb.IFrontendDirectoryGrain"), GrainInterfaceType("OrleansLb.Contracts.Frontends.IFrontendDirectoryGrain")]
public interface IFrontendDirectoryGrain : IGrainWithStringKey
{
    /// <summary>Key of the only activation.</summary>
    const string Key = "frontends";

    /// <summary>Adds or refreshes one front-end.</summary>
    /// <param name="entry">The front-end as its grain sees it.</param>
    [Alias("Announce"), CalledBy(Caller.Silo), ResponseTimeout("00:00:01")]
    ValueTask Announce(FrontendEntry entry);

    /// <summary>Removes one incarnation of a front-end; any other incarnation is left alone.</summary>
    /// <param name="frontendId">Front-end id.</param>
    /// <param name="incarnation">Incarnation that is gone.</param>
    /// <param name="saidGoodbye">Whether it left by itself, so that it holds nothing any more.</param>
    [Alias("Remove"), CalledBy(Caller.Silo), ResponseTimeout("00:00:01")]
    ValueTask Remove(string frontendId, long incarnation, bool saidGoodbye);

    /// <summary>
    /// An administrator knows that a front-end which fell silent does not run any more: what limits and slots set aside for it is everybody's again. If
    /// it does run, cut off, they are exceeded by as much.
    /// </summary>
    /// <param name="frontendId">Front-end id.</param>
    [Alias("Forget"), CalledBy(Caller.Silo), ResponseTimeout("00:00:01")]
    ValueTask<ForgetOutcome> Forget(string frontendId);

    /// <summary>The live front-ends, and whether the list has been up long enough to have heard from all of them.</summary>
    [Alias("List"), CalledBy(Caller.Silo), AlwaysInterleave, ResponseTimeout("00:00:01")]
    ValueTask<FrontendList> List();

    /// <summary>The same for a silo that keeps a copy, from which another activation goes on when this one's silo dies.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="kept">The copy that it has.</param>
    [Alias("Follow"), CalledBy(Caller.Silo), AlwaysInterleave, ResponseTimeout("00:00:01")]
    ValueTask<FrontendList> Follow(SiloAddress silo, FrontendListVersion kept);
}
