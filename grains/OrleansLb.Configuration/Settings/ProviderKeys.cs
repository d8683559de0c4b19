using System.Runtime.CompilerServices;
using Microsoft.Extensions.Configuration;

namespace OrleansLb.Configuration.Settings;

/// <summary>
/// Every key of a configuration in one pass over its providers. Asking section by section costs a pass over all keys each
/// time, which takes minutes for a file of 100,000 routes.
/// </summary>
internal static class ProviderKeys
{
    public static IEnumerable<string> Of(IConfiguration configuration) =>
        configuration is IConfigurationRoot root
            ? root.Providers.SelectMany(Of)
            : configuration.AsEnumerable().Select(static setting => setting.Key);

    private static IEnumerable<string> Of(IConfigurationProvider provider) => provider switch
    {
        ConfigurationProvider flat => DataOf(flat).Keys,
        ChainedConfigurationProvider chained => Of(chained.Configuration),
        _ => Walk(provider, parent: null),
    };

    private static IEnumerable<string> Walk(IConfigurationProvider provider, string? parent)
    {
        foreach (var key in provider.GetChildKeys([], parent).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            var path = parent is null ? key : ConfigurationPath.Combine(parent, key);
            yield return path;
            foreach (var below in Walk(provider, path))
                yield return below;
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Data")]
    private static extern IDictionary<string, string?> DataOf(ConfigurationProvider provider);
}
