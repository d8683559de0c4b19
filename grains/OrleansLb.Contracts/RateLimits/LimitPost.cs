namespace OrleansLb.Contracts.RateLimits;

/// <summary>What one front-end has to say to several ranges of one policy that it believes to be on one silo. Its arrays go together by position.</summary>
/// <param name="Ranges">Numbers of the ranges.</param>
/// <param name="Requests">What each of them is told.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.LimitPost")]
public sealed record LimitPost([property: Id(0)] int[] Ranges, [property: Id(1)] LimitRequest[] Requests) : IFromFrontend
{
    /// <inheritdoc/>
    /// <remarks>None, where the requests are of several.</remarks>
    public string? FrontendId => Requests is [{ FrontendId: var id }, ..] && Array.TrueForAll(Requests, each => each?.FrontendId == id) ? id : null;
}
