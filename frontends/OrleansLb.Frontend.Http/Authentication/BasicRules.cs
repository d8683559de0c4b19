using OrleansLb.Hosting.Files;

namespace OrleansLb.Frontend.Http.Authentication;

/// <summary>What a policy of passwords needs.</summary>
internal static class BasicRules
{
    public static IEnumerable<(string Key, string Text)> Mistakes(AuthenticationPolicyOptions policy)
    {
        if (policy.Realm is { } realm && !realm.All(static c => c is >= ' ' and <= '~' and not ('"' or '\\')))
            yield return (nameof(policy.Realm), "it has more than printable ASCII without quotes and backslashes");
        if (string.IsNullOrEmpty(policy.File))
            yield return (nameof(policy.File), "it is missing");
        else if (FaultOf(policy.File) is { } fault)
            yield return (nameof(policy.File), fault);
    }

    private static string? FaultOf(string file)
    {
        try
        {
            PasswordFile.Read(file);
            return null;
        }
        catch (FileRefusedException exception)
        {
            return exception.Message;
        }
    }
}
