using OrleansLb.Process.Tests.Processes;
using OrleansLb.Testing.Certificates;

namespace OrleansLb.Process.Tests.Security;

/// <summary>The certificate of each process of a cluster, as files that are replaced while it runs.</summary>
internal sealed class ClusterCertificateFiles : IDisposable
{
    private const string Tls = "OrleansLb__Cluster__Tls__";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orleanslb-test-tls-");
    private readonly List<TestAuthority> _authorities = [new("First")];

    /// <summary>Where a process is started that has a certificate.</summary>
    /// <param name="name">Its name; those of silos begin so, and that of a front-end is its id.</param>
    /// <param name="place">Where it would be started without one.</param>
    public ProcessPlace PlaceOf(string name, ProcessPlace place)
    {
        if (!File.Exists(PathOf($"{name}.pem")))
            Issue(name);
        WriteAuthorities();
        return place with
        {
            Environment = new Dictionary<string, string>(place.Environment)
            {
                ["OrleansLb__Cluster__Insecure"] = "false",
                [Tls + "RequireFrontendNames"] = "true",
                [Tls + "Certificate"] = PathOf($"{name}.pem"),
                [Tls + "Key"] = PathOf($"{name}.key"),
                [Tls + "Authorities"] = PathOf("ca.pem"),
            },
        };
    }

    /// <summary>From now on another authority is believed too.</summary>
    public void AddAuthority()
    {
        _authorities.Add(new TestAuthority("Next"));
        WriteAuthorities();
    }

    /// <summary>Gives processes certificates of the newest authority.</summary>
    public void Renew(params IEnumerable<string> names)
    {
        foreach (var name in names)
            Issue(name);
    }

    /// <summary>Only the newest authority is believed any more.</summary>
    public void ForgetOlderAuthorities()
    {
        foreach (var authority in _authorities[..^1])
            authority.Dispose();
        _authorities.RemoveRange(0, _authorities.Count - 1);
        WriteAuthorities();
    }

    public void Dispose()
    {
        foreach (var authority in _authorities)
            authority.Dispose();
        _folder.Delete(recursive: true);
    }

    private void Issue(string name)
    {
        var issued = name.StartsWith("silo", StringComparison.Ordinal) ? _authorities[^1].Peer("silo.orleanslb") : _authorities[^1].Client($"{name}.frontend.orleanslb");
        File.WriteAllText(PathOf($"{name}.pem"), issued.ChainPem);
        File.WriteAllText(PathOf($"{name}.key"), issued.KeyPem);
    }

    private void WriteAuthorities() => File.WriteAllText(PathOf("ca.pem"), string.Concat(_authorities.Select(static authority => authority.RootPem + '\n')));

    private string PathOf(string file) => Path.Combine(_folder.FullName, file);
}
