using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.Configuration.Memory;
using OrleansLb.Hosting.CommandLine;

namespace OrleansLb.Hosting.Settings;

/// <summary>Where the executables take their configuration from.</summary>
public static class ConfigurationExtensions
{
    /// <summary>Ours is named because the framework matches prefixes, and Orleans' own name is a prefix of it.</summary>
    private static readonly KeyValuePair<string, string?>[] LogLevels =
    [
        new("Logging:LogLevel:Default", "Information"),
        new("Logging:LogLevel:Microsoft", "Warning"),
        new("Logging:LogLevel:Microsoft.Hosting.Lifetime", "Information"),
        // It would log each request. As long as it may, even if only what is critical, each request has an activity and a scope for it.
        new("Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics", "None"),
        new("Logging:LogLevel:Orleans", "Warning"),
        // A front-end without silos says so once, in its own words; Orleans would repeat every refused connection with its stack trace.
        new("Logging:LogLevel:Orleans.Messaging", "Error"),
        new("Logging:LogLevel:Orleans.Runtime.Messaging", "Error"),
        new("Logging:LogLevel:Orleans.Runtime.CallbackData", "Error"),
        // Advice on the collector's settings, which were chosen.
        new("Logging:LogLevel:Orleans.Runtime.Silo", "Error"),
        new("Logging:LogLevel:Polly", "Warning"),
        new("Logging:LogLevel:OrleansLb", "Information"),
        new("Logging:LogLevel:Yarp", "Warning"),
    ];

    /// <summary>
    /// Adds, each winning over the one before: defaults, the file, the environment, the command line. An <c>appsettings.json</c> that
    /// happens to lie in the working directory is not read.
    /// </summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="start">What the command line asked for.</param>
    /// <exception cref="StartupException">The file is missing, cannot be read or is not a JSON object.</exception>
    public static IConfigurationBuilder AddOrleansLbConfiguration(this IConfigurationBuilder configuration, ProcessStart start)
    {
        foreach (var source in configuration.Sources.OfType<JsonConfigurationSource>().ToList())
            configuration.Sources.Remove(source);

        configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = start.Description.Defaults });
        configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = LogLevels });
        if (start.ConfigurationFile is { } file)
            configuration.Add(new ConfigurationFileProvider(file));

        return configuration.AddEnvironmentVariables().AddCommandLine([.. start.Settings]);
    }
}
