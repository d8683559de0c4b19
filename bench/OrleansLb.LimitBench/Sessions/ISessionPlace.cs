using OrleansLb.Core;
using OrleansLb.Core.Sessions;

namespace OrleansLb.LimitBench.Sessions;

/// <summary>A place where a pool's learned sessions are kept.</summary>
internal interface ISessionPlace
{
    /// <summary>What it is called in the table.</summary>
    string Name { get; }

    /// <summary>Sessions that are kept.</summary>
    int Count { get; }

    /// <summary>Sessions that may be kept.</summary>
    int Capacity { get; }

    /// <summary>How many sessions in use may be forgotten because of invented ones: those of a range are in force nowhere else.</summary>
    int MayForget { get; }

    /// <summary>Asks for a session that has room, and keeps it.</summary>
    BackendKey Ask(SessionKey key, BackendKey candidate);

    /// <summary>Asks for one that somebody invented while there is no room.</summary>
    void AskInvented(SessionKey key, BackendKey candidate);
}
