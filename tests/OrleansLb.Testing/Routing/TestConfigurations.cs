using OrleansLb.Configuration;
using OrleansLb.Contracts.Routing;

namespace OrleansLb.Testing.Routing;

/// <summary>Small configurations, and the way to hand them in.</summary>
public static class TestConfigurations
{
    /// <summary>One route to one pool.</summary>
    /// <param name="addresses">Addresses of its backends, which are called b0, b1 and so on.</param>
    public static SettingsDocument OnePool(params string[] addresses) => SettingsDocument.FromSettings(
    [
        new("ReverseProxy:Routes:app:ClusterId", "app"),
        new("ReverseProxy:Routes:app:Match:Path", "/{**rest}"),
        new("ReverseProxy:Clusters:app", addresses.Length == 0 ? "" : null),
        .. addresses.Select(static (address, index) =>
            KeyValuePair.Create<string, string?>($"ReverseProxy:Clusters:app:Destinations:b{index}:Address", address)),
    ]);

    /// <summary>The document with some settings added or replaced.</summary>
    /// <param name="document">The document.</param>
    /// <param name="settings">Full key paths and values.</param>
    public static SettingsDocument With(this SettingsDocument document, params (string Key, string? Value)[] settings)
    {
        var changed = document.Settings.ToDictionary(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in settings)
            changed[key] = value;
        return SettingsDocument.FromSettings(changed);
    }

    /// <summary>Hands a document in as an administrator and requires that it is accepted.</summary>
    /// <param name="grains">The way to the grains.</param>
    /// <param name="document">The document.</param>
    /// <returns>The version that it became.</returns>
    public static async Task<long> Apply(this IGrainFactory grains, SettingsDocument document)
    {
        var reply = await grains.Submit(document, "administrator", isFile: false);
        return reply.Outcome is SubmitOutcome.Accepted or SubmitOutcome.Unchanged
            ? reply.Version
            : throw new InvalidOperationException($"The configuration was not accepted: {reply.Outcome} {string.Join("; ", reply.Errors)}");
    }

    /// <summary>Hands a document in.</summary>
    /// <param name="grains">The way to the grains.</param>
    /// <param name="document">The document.</param>
    /// <param name="source">Silo or administrator.</param>
    /// <param name="isFile">Whether it is a silo's file.</param>
    public static async Task<SubmitReply> Submit(this IGrainFactory grains, SettingsDocument document, string source, bool isFile) =>
        await grains.GetGrain<IConfigGrain>(IConfigGrain.Key).Submit(new SubmitRequest(source, isFile, document.Digest, document.Pack(), 0));
}
