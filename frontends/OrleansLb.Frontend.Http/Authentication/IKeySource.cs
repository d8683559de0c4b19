namespace OrleansLb.Frontend.Http.Authentication;

/// <summary>Where the keys of an issuer come from. Thread-safe.</summary>
internal interface IKeySource
{
    /// <summary>The newest keys that could be had; <see langword="null"/> while there never were any.</summary>
    /// <param name="id">Id of the key that is looked for: one that is not known may be a new one.</param>
    ValueTask<JwtKeys?> Get(string? id);
}
