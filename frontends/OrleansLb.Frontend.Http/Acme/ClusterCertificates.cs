using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansLb.Contracts.Acme;
using OrleansLb.Frontend.Http.Tls;
using OrleansLb.Frontend.Snapshots;
using OrleansLb.Hosting.Certificates;

namespace OrleansLb.Frontend.Http.Acme;

/// <summary>
/// The certificates that the cluster ordered, where this front-end shows them. They are kept in its data folder, readable by the process' own user only as those of certbot are, so that it starts without silos. For one caller at a
/// time, but for <see cref="All"/>.
/// </summary>
internal sealed partial class ClusterCertificates
{
    private readonly DataFile _file;
    private readonly bool _areShown;
    private readonly ILogger _logger;
    private volatile IReadOnlyList<(string Name, OwnCertificate Certificate)> _all = [];
    private string _stamp = "";

    /// <summary>Begins with what the folder holds.</summary>
    /// <param name="tls">Whether they are shown.</param>
    /// <param name="options">Where the folder is.</param>
    /// <param name="metrics">Counts trouble with the folder.</param>
    /// <param name="logger">Is told what is shown.</param>
    public ClusterCertificates(IOptions<TlsOptions> tls, IOptions<FrontendOptions> options, DataFileMetrics metrics, ILogger<ClusterCertificates> logger)
    {
        (_areShown, _logger) = (tls.Value.Acme, logger);
        _file = new DataFile(options.Value, "certificates", "a restart without silos would show older certificates of the cluster, or none", metrics, logger);
        if (_areShown && _file.Read(AcmeDataJson.Default.StoredCertificates) is { } stored)
            (_all, _stamp) = (Usable(stored.All), stored.Stamp);
    }

    /// <summary>Raised when there are others.</summary>
    public event Action? Changed;

    /// <summary>The certificates, in the order of their names.</summary>
    public IReadOnlyList<(string Name, OwnCertificate Certificate)> All => _all;

    /// <summary>Tells them from others; empty for none, <see langword="null"/> where none is shown.</summary>
    public string? Stamp => _areShown ? _stamp : null;

    /// <summary>Takes what the cluster says in the place of what was before.</summary>
    /// <param name="certificates">All that are in use.</param>
    public void Take(AcmeCertificates certificates)
    {
        var stored = new StoredCertificates(certificates.Stamp, [.. certificates.All.Select(static one => new StoredCertificate(one.Name, one.Chain, one.Key))]);
        (_all, _stamp) = (Usable(stored.All), stored.Stamp);
        _file.TryWrite(stored, AcmeDataJson.Default.StoredCertificates);
        foreach (var (name, certificate) in _all)
            LogTaken(_logger, name, certificate.Holder, certificate.NotAfter.UtcDateTime);
        Changed?.Invoke();
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        if (!_areShown || _stamp.Length == 0)
            return;
        (_all, _stamp) = ([], "");
        _file.TryDelete();
        Changed?.Invoke();
    }

    private List<(string Name, OwnCertificate Certificate)> Usable(IReadOnlyList<StoredCertificate> certificates)
    {
        var usable = new List<(string, OwnCertificate)>(certificates.Count);
        foreach (var one in certificates)
        {
            try
            {
                usable.Add((one.Name, OwnCertificate.Parse(one.Chain, one.Key, CertificatePurpose.Server)));
            }
            catch (CertificateRefusedException refusal)
            {
                LogRefused(_logger, one.Name, refusal.Message);
            }
        }

        return usable;
    }
}
