namespace OrleansLb.Contracts.Sessions;

/// <summary>What became of a request for a session.</summary>
[GenerateSerializer, Alias("OrleansLb.WireSessionOutcome")]
public enum WireSessionOutcome
{
    /// <summary>It was bound before.</summary>
    Found,

    /// <summary>It was bound now.</summary>
    Bound,

    /// <summary>It was bound anew, in place of the binding that the request named.</summary>
    Replaced,

    /// <summary>It is not bound, and the request named no backend.</summary>
    Unbound,

    /// <summary>It is not bound, and there is no room.</summary>
    Full,
}
