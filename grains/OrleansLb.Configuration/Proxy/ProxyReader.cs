using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Yarp.ReverseProxy.Configuration;

namespace OrleansLb.Configuration.Proxy;

/// <summary>
/// Reads routes and clusters with YARP's own parser, so that a YARP file means here what it means there. The parser is
/// internal to YARP; a private container that holds little else and lives for one reading is the public way to it.
/// </summary>
internal static class ProxyReader
{
    public static ProxySettings Read(IConfiguration section, Problems problems)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        new ParserOnly(services).LoadFromConfig(section);
        using var provider = services.BuildServiceProvider();
        try
        {
            var config = provider.GetRequiredService<IProxyConfigProvider>().GetConfig();
            return new ProxySettings(config.Routes, config.Clusters);
        }
        catch (Exception exception)
        {
            // The shapes take out what YARP's parser cannot read; whatever they miss must still be a refusal, not a crash.
            problems.Error(SettingsDocument.ReverseProxySection, "YARP cannot read this section: " + exception.Message);
            return ProxySettings.Empty;
        }
    }

    private sealed class ParserOnly(IServiceCollection services) : IReverseProxyBuilder
    {
        public IServiceCollection Services => services;
    }
}
