using Microsoft.Extensions.Configuration;
using OrleansLb.Configuration;
using OrleansLb.Hosting.CommandLine;

namespace OrleansLb.Clustering.Routing;

/// <summary>Checks the cluster's configuration in a file before the process that was given it starts.</summary>
public static class RoutingSettings
{
    /// <summary>Refuses to start with a file that the cluster would refuse; a later change of it is refused at run time instead.</summary>
    /// <param name="configuration">Configuration of the process.</param>
    /// <exception cref="StartupException">Every error, each with the path of its key.</exception>
    public static void Require(IConfiguration configuration)
    {
        var result = ConfigurationCompiler.Validate(configuration);
        if (result.Errors.Length > 0)
            throw new StartupException([.. result.Errors.Select(static error => $"{error.Path}: {error.Message}")]);
    }
}
