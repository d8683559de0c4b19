using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using OrleansLb.Clustering.Membership;
using OrleansLb.Clustering.Names;
using OrleansLb.Clustering.Tls;
using OrleansLb.Core;
using OrleansLb.Testing.Certificates;

namespace OrleansLb.Grains.Tests.Tls;

/// <summary>A silo on real ports, secured by the certificates of a test's authority, and what may connect to it.</summary>
internal sealed class SecuredSilo : IAsyncDisposable
{
    public const string Name = "silo.orleanslb";
    public const string FrontendName = "frontend.orleanslb";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orleanslb-cluster-tls");
    private readonly List<IHost> _hosts = [];
    private readonly List<MetricCollector<long>> _collectors = [];

    private SecuredSilo()
    {
    }

    public TestAuthority Authority { get; } = new("Cluster");

    /// <summary>The clock of every process here.</summary>
    public FakeTimeProvider Clock { get; } = new(DateTimeOffset.UnixEpoch.AddYears(60));

    public IPEndPoint SiloPort { get; } = FreePort();

    public IPEndPoint Gateway { get; } = FreePort();

    /// <summary>Why connections were refused by this silo, in order.</summary>
    public IReadOnlyList<string> Refused => Reasons(_collectors[0]);

    /// <summary>Ends when this silo has refused a connection.</summary>
    public Task HasRefused => _collectors[0].WaitForMeasurementsAsync(1, TimeSpan.FromSeconds(60));

    /// <summary>What the authorities file of the silo holds.</summary>
    public string AuthoritiesFile => Path.Combine(_folder.FullName, "silo.ca.pem");

    /// <summary>Services of the silo.</summary>
    public IServiceProvider Services => _hosts[0].Services;

    /// <summary>Starts one.</summary>
    /// <param name="configure">What a test adds to it.</param>
    /// <param name="settings">More of its settings.</param>
    public static async Task<SecuredSilo> Start(Action<ISiloBuilder>? configure = null, params (string Key, string Value)[] settings)
    {
        var made = new SecuredSilo();
        try
        {
            var options = made.Options("silo", made.Authority.Peer(Name), made.Authority.RootPem, settings);
            await made.Run(builder => builder.UseOrleans(silo =>
            {
                silo.UseOrleansLbMembership(options);
                configure?.Invoke(silo);
            }));
            return made;
        }
        catch
        {
            await made.DisposeAsync();
            throw;
        }
    }

    /// <summary>Writes the files of a process and says where they are.</summary>
    /// <param name="name">The process.</param>
    /// <param name="certificate">What it shows.</param>
    /// <param name="authorities">Whom it believes, in PEM.</param>
    /// <param name="more">Other settings.</param>
    public MembershipOptions Options(string name, IssuedCertificate certificate, string authorities, params (string Key, string Value)[] more)
    {
        Write(name, certificate);
        File.WriteAllText(PathOf($"{name}.ca.pem"), authorities);
        var settings = new Dictionary<string, string?>
        {
            ["OrleansLb:Cluster:SiloPort"] = $"{SiloPort.Port}",
            ["OrleansLb:Cluster:GatewayPort"] = $"{Gateway.Port}",
            ["OrleansLb:Cluster:Tls:Certificate"] = PathOf($"{name}.pem"),
            ["OrleansLb:Cluster:Tls:Key"] = PathOf($"{name}.key"),
            ["OrleansLb:Cluster:Tls:Authorities"] = PathOf($"{name}.ca.pem"),
        };
        foreach (var (key, value) in more)
            settings[key] = value;
        return MembershipSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
    }

    /// <summary>Replaces what a process shows.</summary>
    public void Write(string name, IssuedCertificate certificate)
    {
        File.WriteAllText(PathOf($"{name}.pem"), certificate.ChainPem);
        File.WriteAllText(PathOf($"{name}.key"), certificate.KeyPem);
    }

    /// <summary>Starts an Orleans client as a front-end does.</summary>
    /// <param name="options">Its settings.</param>
    /// <param name="frontendId">Which front-end it is; nobody says so of an older one.</param>
    public async Task<IGrainFactory> Connect(MembershipOptions options, string? frontendId = null)
    {
        var process = Build(builder => builder.Services.AddClusterTls(options, ClusterRole.Frontend, frontendId));
        var client = await Run(builder => builder.UseOrleansClient(orleans =>
        {
            orleans.UseOrleansLbMembership(options).UseClusterTlsOf(process.Services);
            if (frontendId is not null)
                orleans.UseFrontendName(frontendId);
        }));
        return client.Services.GetRequiredService<IClusterClient>();
    }

    /// <summary>Has an Orleans client try to connect until it has refused a connection itself.</summary>
    /// <param name="options">Its settings.</param>
    /// <returns>Why it refused.</returns>
    public async Task<string> Refuses(MembershipOptions options)
    {
        var process = Build(builder => builder.Services.AddClusterTls(options, ClusterRole.Frontend));
        var refused = _collectors[^1];
        var client = Build(builder => builder.UseOrleansClient(orleans => orleans.UseOrleansLbMembership(options).UseClusterTlsOf(process.Services)));
        using var stop = new CancellationTokenSource();
        var connecting = client.StartAsync(stop.Token);
        await refused.WaitForMeasurementsAsync(1, TimeSpan.FromSeconds(60));
        await stop.CancelAsync();
        await connecting.ContinueWith(static _ => { }, TestContext.Current.CancellationToken, TaskContinuationOptions.None, TaskScheduler.Default);
        return Reasons(refused)[0];
    }

    /// <summary>Somebody who connects to a port and says whatever a test wants.</summary>
    public TlsClient ClientOf(IPEndPoint port) => new(port, Authority);

    public async ValueTask DisposeAsync()
    {
        foreach (var host in Enumerable.Reverse(_hosts))
        {
            await host.StopAsync(TestContext.Current.CancellationToken);
            host.Dispose();
        }

        foreach (var collector in _collectors)
            collector.Dispose();
        Authority.Dispose();
        _folder.Delete(recursive: true);
    }

    private static IReadOnlyList<string> Reasons(MetricCollector<long> refused) => [.. refused.GetMeasurementSnapshot().Select(static one => (string)one.Tags["reason"]!)];

    private static IPEndPoint FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return (IPEndPoint)socket.LocalEndPoint!;
    }

    private string PathOf(string file) => Path.Combine(_folder.FullName, file);

    private async Task<IHost> Run(Action<HostApplicationBuilder> configure)
    {
        var host = Build(configure);
        await host.StartAsync(TestContext.Current.CancellationToken);
        return host;
    }

    private IHost Build(Action<HostApplicationBuilder> configure)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddKeyedSingleton<TimeProvider>(Clocks.Key, Clock);
        builder.Services.AddMetrics();
        configure(builder);
        var host = builder.Build();
        _hosts.Add(host);
        _collectors.Add(new MetricCollector<long>(host.Services.GetRequiredService<IMeterFactory>(), "OrleansLb.Clustering.Tls", "orleanslb.cluster.tls.refused"));
        return host;
    }
}
