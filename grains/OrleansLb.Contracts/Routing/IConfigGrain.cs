using Orleans.Concurrency;

namespace OrleansLb.Contracts.Routing;

/// <summary>The configuration that the cluster agrees on, versioned and stored. One grain, key <see cref="Key"/>.</summary>
[Alias("OrleansLb.IConfigGrain"), GrainInterfaceType("OrleansLb.Contracts.Routing.IConfigGrain")]
public interface IConfigGrain : IGrainWithStringKey
{
    /// <summary>Key of the only activation.</summary>
    const string Key = "config";

    /// <summary>Hands a configuration in. It is stored before the answer says that it is accepted.</summary>
    /// <param name="request">The configuration and who hands it in.</param>
    [Alias("Submit"), CalledBy(Caller.Silo), ResponseTimeout("00:00:30")]
    ValueTask<SubmitReply> Submit(SubmitRequest request);

    /// <summary>Returns to a configuration of the history, as a new version.</summary>
    /// <param name="version">The version to return to.</param>
    /// <param name="administrator">Who wants it.</param>
    [Alias("RollBack"), CalledBy(Caller.Silo), ResponseTimeout("00:00:30")]
    ValueTask<SubmitReply> RollBack(long version, string administrator);

    /// <summary>The configuration in force.</summary>
    /// <param name="knownVersion">Version that the caller has.</param>
    /// <returns><see langword="null"/> when the caller's version is the one in force, or there is none yet.</returns>
    [Alias("Get"), CalledBy(Caller.Frontend), AlwaysInterleave, ResponseTimeout("00:00:05")]
    ValueTask<ConfigurationDocument?> Get(long knownVersion);

    /// <summary>As <see cref="Get"/>, without the keys of cookies and the secret of learned sessions: for who only uses limits and so needs neither.</summary>
    /// <param name="knownVersion">Version that the caller has.</param>
    /// <returns><see langword="null"/> as for <see cref="Get"/>.</returns>
    [Alias("GetWithoutKeys"), CalledBy(Caller.Frontend), AlwaysInterleave, ResponseTimeout("00:00:05")]
    ValueTask<ConfigurationDocument?> GetWithoutKeys(long knownVersion);

    /// <summary>As <see cref="Get"/>, and tells the caller of newer versions for a minute from now.</summary>
    /// <param name="observer">The silo that follows.</param>
    /// <param name="silo">Its name.</param>
    /// <param name="knownVersion">Version that the caller has.</param>
    [Alias("Follow"), CalledBy(Caller.Silo), AlwaysInterleave, ResponseTimeout("00:00:05")]
    ValueTask<FollowReply> Follow(IConfigObserver observer, string silo, long knownVersion);

    /// <summary>Gives back what was in force to a grain whose store was lost or set back, under the same number.</summary>
    /// <param name="document">What the calling silo follows.</param>
    [Alias("Restore"), CalledBy(Caller.Silo), ResponseTimeout("00:00:30")]
    ValueTask<SubmitReply> Restore(ConfigurationDocument document);

    /// <summary>What is in force, what came before, what was refused last and whose file differs.</summary>
    [Alias("GetStatus"), CalledBy(Caller.Silo), AlwaysInterleave, ResponseTimeout("00:00:05")]
    ValueTask<ConfigurationStatus> GetStatus();
}
