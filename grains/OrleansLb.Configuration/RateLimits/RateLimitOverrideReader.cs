using System.Numerics;
using OrleansLb.Configuration.Settings;
using OrleansLb.Core.RateLimiting;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Configuration.RateLimits;

/// <summary>
/// Reads which keys of a policy have numbers of their own, such as those of a larger plan. Each entry becomes a policy beside the one that routes name, so that
/// what counts and leases need not know of it. A key may be a secret, and errors and names are logged: neither says one.
/// </summary>
internal sealed class RateLimitOverrideReader(Problems problems)
{
    /// <summary>Keys of one entry.</summary>
    internal const string Keys = nameof(Keys);

    private readonly RateLimitNumbers _numbers = new(problems);

    /// <summary>The overrides of a policy, and the policies that they lead to.</summary>
    public (RateLimitOverrides Overrides, IReadOnlyList<RateLimitPolicyDefinition> Policies) Read(RateLimitPolicyDefinition policy, SettingsNode section, SettingsNode root)
    {
        if (section.Child(nameof(policy.Overrides)) is not { HasChildren: true } list)
            return (RateLimitOverrides.None, []);
        if (!BitOperations.IsPow2((int)policy.Partition))
            problems.Error(list.Path, $"needs a {nameof(policy.Partition)} of one part");
        var (names, paths) = (new Dictionary<RateLimitKey, string>(), new Dictionary<RateLimitKey, string>());
        var policies = new List<RateLimitPolicyDefinition>();
        foreach (var entry in list.Children)
        {
            var keys = ReadKeys(policy, entry, root);
            // By its first key, so that it keeps its counts when entries come and go before it. No policy of the file can have a colon in its name.
            var name = keys.Count == 0 ? "" : FormattableString.Invariant($"{policy.Name}:{keys[0].Key.High:x16}");
            policies.Add(_numbers.Read(policy, entry) with { Name = name, OverrideOf = policy.Name });
            foreach (var (key, path) in keys)
            {
                names[key] = name;
                if (!paths.TryAdd(key, path))
                    problems.Error(path, $"is the same key as {paths[key]}");
            }
        }

        return (RateLimitOverrides.Of(names), policies);
    }

    private List<(RateLimitKey Key, string Path)> ReadKeys(RateLimitPolicyDefinition policy, SettingsNode entry, SettingsNode root)
    {
        if (entry.Child(Keys) is not { HasChildren: true } list)
        {
            if (!entry.WasRemoved(Keys))
                problems.Error($"{entry.Path}:{Keys}", "every override needs it");
            return [];
        }

        var keys = new List<(RateLimitKey Key, string Path)>();
        foreach (var source in list.Children)
        {
            var text = source.Value ?? "";
            if (FaultOf(policy, text, root) is { } fault)
                problems.Error(source.Path, fault);
            else if (RateLimitKey.OfText(policy, text) is { } key)
                keys.Add((key, source.Path));
        }

        return keys;
    }

    /// <summary>Why no request can have a key.</summary>
    private static string? FaultOf(RateLimitPolicyDefinition policy, string text, SettingsNode root) => policy.Partition switch
    {
        RateLimitPartition.ClientIp when !NetworkText.TryParseAddress(text, out _) => $"{Quote.Value(text)} is not an address",
        RateLimitPartition.Host when Uri.CheckHostName(text) == UriHostNameType.Unknown => $"{Quote.Value(text)} is not a host; a port does not count",
        RateLimitPartition.Method when !HeaderName.IsValid(text) || text.Any(char.IsAsciiLetterLower) => $"{Quote.Value(text)} is not a method; theirs are upper-case letters",
        RateLimitPartition.Route when root.Find($"{SettingsDocument.ReverseProxySection}:Routes")?.Child(text)?.Key != text => $"there is no route {Quote.Value(text)}",
        _ => null,
    };
}
