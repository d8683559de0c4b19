namespace OrleansLb.Core.Affinity;

/// <summary>What happens to a session whose backend is lost; the names are YARP's.</summary>
public enum AffinityFailurePolicy
{
    /// <summary>The session moves to its successor.</summary>
    Redistribute,

    /// <summary>The client is answered 503 until the backend is back.</summary>
    Return503Error,
}
