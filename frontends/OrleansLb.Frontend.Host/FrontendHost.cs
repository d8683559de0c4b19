using OrleansLb.Clustering.Membership;
using OrleansLb.Clustering.Names;
using OrleansLb.Clustering.Tls;
using OrleansLb.Frontend.Hosting;
using OrleansLb.Frontend.Http.Hosting;
using OrleansLb.Hosting;
using OrleansLb.Hosting.CommandLine;
using OrleansLb.Hosting.Lifetime;
using OrleansLb.Hosting.Telemetry;

namespace OrleansLb.Frontend.Host;

/// <summary>Composes the front-end's process.</summary>
internal static class FrontendHost
{
    public static ProcessDescription Description { get; } = new()
    {
        Name = "OrleansLb.Frontend.Host",
        Summary = "An HTTP front-end of the OrleansLb cluster: carries traffic, takes its configuration from the silos and serves on without them.",
        Examples =
        [
            ("", "listens on http://localhost:8080 and finds the silo on this machine"),
            ("--OrleansLb:Cluster:Membership=Redis --OrleansLb:Cluster:Redis=localhost:6379", "finds the silos that meet in that Redis"),
        ],
        Defaults = new Dictionary<string, string?> { ["OrleansLb:Status:Url"] = "http://localhost:8095" },
        Commands = [HealthCommand.Create("http://localhost:8095"), TokenCommand.Create()],
    };

    public static IHost Build(ProcessStart start)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.AddOrleansLbProcess(start);
        var membership = MembershipSettings.Read(builder.Configuration);
        // Before the front-end, so that it stops after it: the goodbye still needs the link.
        builder.Services.AddClusterTls(membership, ClusterRole.Frontend, HttpFrontendExtensions.FrontendIdIn(builder.Configuration));
        builder.Services.AddRemoteClusterLink(process => CreateClient(builder.Configuration, membership, process));
        builder.AddOrleansLbHttpFrontend();

        var application = builder.Build();
        application.MapOrleansLbProxy();
        return application;
    }

    private static IHost CreateClient(ConfigurationManager configuration, MembershipOptions membership, IServiceProvider process)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.AddConfiguration(configuration.GetSection("Logging"));
        builder.Logging.AddOrleansLbConsole(configuration);
        builder.Services.IgnoreSignals();
        builder.UseOrleansClient(client => client.UseOrleansLbMembership(membership).UseClusterTlsOf(process).UseFrontendName(process.GetRequiredService<FrontendIdentity>().Id));
        return builder.Build();
    }
}
