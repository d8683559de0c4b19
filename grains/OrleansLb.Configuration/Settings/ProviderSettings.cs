using System.Runtime.CompilerServices;
using Microsoft.Extensions.Configuration;

namespace OrleansLb.Configuration.Settings;

/// <summary>
/// Every setting of a configuration in one pass over its providers, the last of a key being the one that counts. Asking section by section costs a pass over all keys each
/// time, which takes minutes for a file of 100,000 routes. Asking key by key would take some values from before a reload and some from after it; here a provider's are of one moment.
/// </summary>
internal static class ProviderSettings
{
    public static IEnumerable<KeyValuePair<string, string?>> Of(IConfiguration configuration) =>
        configuration is IConfigurationRoot root
            ? root.Providers.SelectMany(Of)
            : configuration.AsEnumerable();

    private static IEnumerable<KeyValuePair<string, string?>> Of(IConfigurationProvider provider) => provider switch
    {
        ConfigurationProvider flat => DataOf(flat),
        ChainedConfigurationProvider chained => Of(chained.Configuration),
        _ => Walk(provider, parent: null),
    };

    private static IEnumerable<KeyValuePair<string, string?>> Walk(IConfigurationProvider provider, string? parent)
    {
        foreach (var key in provider.GetChildKeys([], parent).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            var path = parent is null ? key : ConfigurationPath.Combine(parent, key);
            if (provider.TryGet(path, out var value))
                yield return new(path, value);
            foreach (var below in Walk(provider, path))
                yield return below;
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Data")]
    private static extern IDictionary<string, string?> DataOf(ConfigurationProvider provider);
}
