using OrleansLb.Configuration.Settings;

namespace OrleansLb.Configuration.Proxy;

/// <summary>Reads which part of its cluster a route wants.</summary>
internal static class SubsetReader
{
    /// <summary>What falls to a route whose part is empty.</summary>
    internal const string FallBackToAny = "Any";

    /// <summary>Nothing: the route answers 503 until somebody of its part is back.</summary>
    internal const string FallBackToNone = "None";

    /// <summary>The part; <see langword="null"/> when the route wants all.</summary>
    public static RouteSubset? Read(SettingsNode root, string routeId)
    {
        if (root.Find($"ReverseProxy:Routes:{routeId}:OrleansLb") is not { } ours || ours.Child("Subset") is not { HasChildren: true } subset)
            return null;
        var fallsBack = string.Equals(ours.Child("SubsetFallback")?.Value, FallBackToAny, StringComparison.OrdinalIgnoreCase);
        var labels = subset.Children.Select(static label => KeyValuePair.Create(label.Key, label.Value ?? "")).OrderBy(static label => label.Key, StringComparer.Ordinal);
        return new RouteSubset([.. labels], fallsBack);
    }
}
