using System.Security.Claims;

namespace OrleansLb.Frontend.Http.Routing;

/// <summary>A claim of somebody whom the application's authentication has let in.</summary>
internal static class ValidatedClaim
{
    /// <summary>Its value, or <see langword="null"/> when no identity that was authenticated has it: of several the first, as it was written.</summary>
    /// <param name="user">Who authentication says the request is from.</param>
    /// <param name="type">Type of the claim.</param>
    public static string? Find(ClaimsPrincipal user, string type)
    {
        foreach (var identity in user.Identities)
        {
            if (identity.IsAuthenticated && identity.FindFirst(type) is { Value.Length: > 0 } claim)
                return claim.Value;
        }

        return null;
    }
}
