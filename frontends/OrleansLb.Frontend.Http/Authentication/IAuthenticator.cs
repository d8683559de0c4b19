using Microsoft.AspNetCore.Http;

namespace OrleansLb.Frontend.Http.Authentication;

/// <summary>Says who clients are, in the way of one policy. Thread-safe.</summary>
internal interface IAuthenticator
{
    /// <summary>Headers that only we may say to backends.</summary>
    IReadOnlyList<string> Fields { get; }

    /// <summary>Asks who it is. Its own <see cref="Fields"/> have been removed before.</summary>
    ValueTask<Verdict> Authenticate(HttpContext context);
}
