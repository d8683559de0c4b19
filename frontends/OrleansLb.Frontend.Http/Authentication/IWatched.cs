namespace OrleansLb.Frontend.Http.Authentication;

/// <summary>Something outside the process that policies go by and that changes while it runs.</summary>
internal interface IWatched
{
    /// <summary>Name of the policy.</summary>
    string Policy { get; }

    /// <summary>Why what is there now is not used; <see langword="null"/> when it is.</summary>
    string? Fault { get; }

    /// <summary>Looks for something newer, without waiting for it. For one caller at a time.</summary>
    void Look();
}
