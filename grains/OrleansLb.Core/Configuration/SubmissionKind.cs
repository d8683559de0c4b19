namespace OrleansLb.Core.Configuration;

/// <summary>Who hands a configuration in.</summary>
public enum SubmissionKind
{
    /// <summary>A silo read it from its files: it counts only as news, when it differs from what the same silo read before.</summary>
    File,

    /// <summary>An administrator sent it, or chose a version to return to: it counts as it stands.</summary>
    Administrator,
}
