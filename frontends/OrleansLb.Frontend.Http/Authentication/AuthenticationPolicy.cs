using System.Text;
using Microsoft.AspNetCore.Http;

namespace OrleansLb.Frontend.Http.Authentication;

/// <summary>One of the policies that are configured.</summary>
/// <param name="Authenticator">Says who clients are.</param>
/// <param name="ForwardUser">Header by which backends are told; <see langword="null"/> for none.</param>
internal sealed record AuthenticationPolicy(IAuthenticator Authenticator, string? ForwardUser)
{
    /// <summary>Removes what a client says that only we may say.</summary>
    public void RemoveClaimed(IHeaderDictionary headers)
    {
        if (ForwardUser is not null)
            FieldRule.Remove(headers, ForwardUser);
        foreach (var field in Authenticator.Fields)
            FieldRule.Remove(headers, field);
    }

    /// <summary>Tells the backend who it is.</summary>
    public void Tell(IHeaderDictionary headers, string? name)
    {
        if (ForwardUser is not null && name is not null)
            headers[ForwardUser] = Plain(name);
    }

    /// <summary>As a URI has it, where it is more than a header can carry; a percent sign too, or two names could become one.</summary>
    private static string Plain(string name)
    {
        if (name.All(static c => c is > ' ' and <= '~' and not '%'))
            return name;
        var text = new StringBuilder();
        foreach (var rune in name.EnumerateRunes())
            text.Append(rune.Value is > ' ' and <= '~' and not '%' ? rune.ToString() : Uri.EscapeDataString(rune.ToString()));
        return text.ToString();
    }
}
