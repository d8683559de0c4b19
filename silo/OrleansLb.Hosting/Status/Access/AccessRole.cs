namespace OrleansLb.Hosting.Status.Access;

/// <summary>What somebody may do at the status API; each may do what those before it may.</summary>
internal enum AccessRole
{
    /// <summary>Sees what is there.</summary>
    Read,

    /// <summary>Changes it.</summary>
    Admin,
}
