using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;
using OrleansLb.Clustering.Membership;
using OrleansLb.Contracts.Acme;
using OrleansLb.Grains.Hosting;
using OrleansLb.Testing.Clocks;
using OrleansLb.Testing.Clusters;
using OrleansLb.Testing.Routing;

namespace OrleansLb.Testing.Acme;

/// <summary>A cluster that orders certificates of a real authority, its state in files.</summary>
public sealed class AcmeCluster : IAsyncDisposable
{
    private const string Client = "OrleansLb:AcmeClient:";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orleanslb-acme");
    private InProcessTestCluster? _cluster;

    private AcmeCluster(PebbleServer authority, ChallengePort port)
    {
        (Authority, Port) = (authority, port);
        SealingKey = NewSealingKey();
    }

    /// <summary>The authority.</summary>
    public PebbleServer Authority { get; }

    /// <summary>Where it asks.</summary>
    public ChallengePort Port { get; }

    /// <summary>The clock of all silos.</summary>
    public LeapingClock Clock { get; } = new();

    /// <summary>The silos.</summary>
    public InProcessTestCluster Silos => _cluster ?? throw new InvalidOperationException("The cluster was not started.");

    /// <summary>The way to the grains.</summary>
    public IGrainFactory Grains => Silos.Client;

    /// <summary>The grain that orders.</summary>
    public IAcmeGrain Orders => Grains.GetGrain<IAcmeGrain>(IAcmeGrain.Key);

    /// <summary>File of the sealing key.</summary>
    public string SealingKey { get; set; }

    /// <summary>File of the sealing key before.</summary>
    public string? PreviousSealingKey { get; set; }

    /// <summary>All that is stored, in one piece.</summary>
    public byte[] Stored => [.. Directory.GetFiles(StateDirectory).SelectMany(File.ReadAllBytes)];

    private string StateDirectory => Path.Combine(_folder.FullName, "state");

    /// <summary>Starts one.</summary>
    /// <param name="silos">How many silos.</param>
    /// <param name="refusedNonces">How many of a hundred good nonces the authority refuses.</param>
    public static async Task<AcmeCluster> Start(int silos = 1, int refusedNonces = 0)
    {
        var port = new ChallengePort();
        var cluster = new AcmeCluster(await PebbleServer.Start(port.Port, refusedNonces), port);
        await cluster.StartSilos(silos);
        return cluster;
    }

    /// <summary>Makes another sealing key.</summary>
    public string NewSealingKey()
    {
        var path = Path.Combine(_folder.FullName, $"{Guid.NewGuid()}.key");
        File.WriteAllBytes(path, RandomNumberGenerator.GetBytes(32));
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }

    /// <summary>Stops all silos and starts others in their place.</summary>
    public async Task Restart()
    {
        await Silos.DisposeAsync();
        await StartSilos(1);
    }

    /// <summary>Orders certificates, each for some hosts.</summary>
    /// <param name="certificates">Their names and hosts.</param>
    public Task<long> Order(params (string Name, string[] Hosts)[] certificates) => Grains.Apply(TestConfigurations.OnePool("http://127.0.0.1:9/").With(
    [
        ("OrleansLb:Acme:Directory", Authority.DirectoryUrl.AbsoluteUri),
        ("OrleansLb:Acme:TermsAgreed", "true"),
        ("OrleansLb:Acme:Contacts:0", "mailto:admin@example.com"),
        .. certificates.SelectMany(static one => one.Hosts.Select((host, index) => ($"OrleansLb:Acme:Certificates:{one.Name}:Hosts:{index}", (string?)host))),
    ]));

    /// <summary>The service of each silo.</summary>
    public IEnumerable<T> ServicesOf<T>()
        where T : notnull => Silos.Silos.Select(silo => Silos.GetSiloServiceProvider(silo.SiloAddress).GetRequiredService<T>());

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
            await _cluster.DisposeAsync();
        await Authority.DisposeAsync();
        await Port.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private async Task StartSilos(int silos) => _cluster = await TestClusters.Start(silos, silo =>
    {
        silo.AddOrleansLbState(new MembershipOptions { StateDirectory = StateDirectory }, GrainsSiloBuilderExtensions.StorageName);
        silo.Services.AddKeyedSingleton<TimeProvider>(Core.Clocks.Key, Clock);
        silo.Configuration[Client + "SealingKey"] = SealingKey;
        silo.Configuration[Client + "PreviousSealingKey"] = PreviousSealingKey;
        silo.Configuration[Client + "Authorities"] = Authority.Authorities;
    });
}
