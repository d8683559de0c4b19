using Microsoft.Extensions.Primitives;

namespace OrleansLb.Hosting.Authentication;

/// <summary>Reads <c>Authorization</c> (RFC 9110, section 11.6.2).</summary>
public static class Credentials
{
    /// <summary>What follows the scheme.</summary>
    /// <param name="fields">The header; there must be one, since of several the backend might read another than we.</param>
    /// <param name="scheme">The scheme; case does not count in it.</param>
    /// <param name="credentials">What follows it; empty if it is not there.</param>
    public static bool Find(StringValues fields, string scheme, out string credentials)
    {
        credentials = "";
        if (fields is not [{ } field] || field.Length <= scheme.Length || field[scheme.Length] != ' ' || !field.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
            return false;
        credentials = field[(scheme.Length + 1)..].Trim(' ');
        return credentials.Length > 0;
    }
}
