namespace OrleansLb.Grains.Acme;

/// <summary>An authority's answer to a request that it granted.</summary>
/// <param name="Body">What it says.</param>
/// <param name="Location">Where what was made is; <see langword="null"/> when nothing was.</param>
/// <param name="RetryAfter">When it wants to be asked again; <see langword="null"/> when it says nothing of it.</param>
internal sealed record AcmeReply(byte[] Body, Uri? Location, TimeSpan? RetryAfter);
