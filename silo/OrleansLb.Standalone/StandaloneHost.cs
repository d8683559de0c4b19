using OrleansLb.Admin;
using OrleansLb.Clustering.Events;
using OrleansLb.Clustering.Membership;
using OrleansLb.Clustering.Routing;
using OrleansLb.Frontend.Hosting;
using OrleansLb.Frontend.Http.Hosting;
using OrleansLb.Grains.Hosting;
using OrleansLb.Hosting;
using OrleansLb.Hosting.CommandLine;
using OrleansLb.Hosting.Tls;
using OrleansLb.Standalone.Demo;

namespace OrleansLb.Standalone;

/// <summary>Composes silo, front-end, status API and, without a configuration, demo backends in one process.</summary>
internal static class StandaloneHost
{
    public static ProcessDescription Description { get; } = new()
    {
        Name = "OrleansLb.Standalone",
        Summary = "The whole load balancer in one process. Without a configuration it balances over three demo backends of its own.",
        Examples =
        [
            ("", "demo: http://localhost:8080 balanced over three backends, status on http://localhost:8090"),
            ("--config appsettings.json", "your own configuration; a plain YARP file will do"),
            ("demo-backend --name b1 --port 9001", "one demo backend"),
        ],
        Defaults = new Dictionary<string, string?> { ["OrleansLb:ReadinessGrace"] = "00:00:00" },
        Commands = [HealthCommand.Create("http://localhost:8090"), TokenCommand.Create(), DemoBackendCommand.Create()],
    };

    public static IHost Build(ProcessStart start)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.AddOrleansLbProcess(start);
        var isDemo = start.ConfigurationFile is null && !builder.Configuration.GetSection("ReverseProxy").Exists();
        if (isDemo)
            builder.AddDemo();

        RoutingSettings.Require(builder.Configuration);
        var membership = MembershipSettings.Read(builder.Configuration);
        builder.Services.AddSingleton(MembershipSettings.ReservePorts(membership));
        builder.UseOrleans(silo =>
        {
            silo.UseOrleansLbMembership(membership);
            silo.AddOrleansLbState(membership, GrainsSiloBuilderExtensions.StorageName);
            silo.AddOrleansLbEventStream();
            silo.AddOrleansLbGrains();
        });
        builder.Services.AddCoHostedClusterLink();
        builder.AddOrleansLbHttpFrontend();
        builder.AddProbeTls();
        builder.Services.AddOrleansLbAdmin();
        builder.Services.AddHostedService<Greeting>();

        var application = builder.Build();
        application.MapOrleansLbProxy();
        return application;
    }
}
