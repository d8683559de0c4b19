namespace OrleansLb.Core.Overload;

/// <summary>What a process that runs out of memory does without.</summary>
public enum OverloadLevel
{
    /// <summary>Nothing: there is room.</summary>
    None,

    /// <summary>New requests.</summary>
    Requests,

    /// <summary>New connections too.</summary>
    Connections,
}
