using System.Security.Claims;

namespace OrleansLb.Frontend.Http.Authentication;

/// <summary>Claims that somebody must have to be let in.</summary>
/// <param name="required">Each with the values of which one will do; none for any.</param>
internal sealed class RequiredClaims(IDictionary<string, string[]> required)
{
    private readonly KeyValuePair<string, string[]>[] _required = [.. required];

    public bool AreIn(ClaimsIdentity identity)
    {
        foreach (var (name, values) in _required)
        {
            if (!identity.Claims.Any(claim => claim.Type == name && (values.Length == 0 || values.Any(value => Says(claim, value)))))
                return false;
        }

        return true;
    }

    // RFC 8693, section 4.2: a scope is a list of words.
    private static bool Says(Claim claim, string value) => claim.Value == value || (claim.Type is "scope" or "scp" && claim.Value.Split(' ').Contains(value));
}
