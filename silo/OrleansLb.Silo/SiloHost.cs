using OrleansLb.Admin;
using OrleansLb.Clustering.Events;
using OrleansLb.Clustering.Membership;
using OrleansLb.Clustering.Routing;
using OrleansLb.Grains.Hosting;
using OrleansLb.Hosting;
using OrleansLb.Hosting.CommandLine;
using OrleansLb.Hosting.Tls;

namespace OrleansLb.Silo;

/// <summary>Composes the silo's process.</summary>
internal static class SiloHost
{
    public static ProcessDescription Description { get; } = new()
    {
        Name = "OrleansLb.Silo",
        Summary = "A silo of the OrleansLb cluster: holds a part of what the front-ends agree on. Carries no traffic.",
        Examples =
        [
            ("--config orleanslb.json", "one silo on this machine"),
            ("--config orleanslb.json --OrleansLb:Cluster:Membership=Redis --OrleansLb:Cluster:Redis=localhost:6379", "joins the cluster that meets in that Redis"),
        ],
        Commands = [HealthCommand.Create("http://localhost:8090"), TokenCommand.Create()],
    };

    public static IHost Build(ProcessStart start)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.AddOrleansLbProcess(start);

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
        builder.AddProbeTls();
        builder.Services.AddOrleansLbAdmin();
        builder.Services.AddSiloReadiness();
        return builder.Build();
    }
}
