namespace OrleansLb.Contracts.Frontends;

/// <summary>What became of an administrator's word that a front-end is gone.</summary>
[GenerateSerializer, Alias("OrleansLb.ForgetOutcome")]
public enum ForgetOutcome
{
    /// <summary>Nothing is set aside for it any more.</summary>
    Forgotten,

    /// <summary>It is there: nothing changes.</summary>
    Live,

    /// <summary>Nothing was known of it, which a directory that lost its silo cannot help; what others set aside for that name is given back all the same.</summary>
    Unknown,
}
