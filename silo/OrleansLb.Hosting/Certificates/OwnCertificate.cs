using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OrleansLb.Hosting.Certificates;

/// <summary>A certificate that this process can show, with its key and all that belongs to it. Immutable; it is never disposed of, because handshakes that began with it may go on.</summary>
public sealed class OwnCertificate
{
    private const string PemBegin = "-----BEGIN ";
    private const int LeastRsaBits = 2048;

    private static readonly IdnMapping International = new();

    private readonly X509Certificate2Collection _others;

    private OwnCertificate(X509Certificate2 certificate, X509Certificate2Collection others, IEnumerable<string> hosts)
    {
        (_others, Staple) = (others, StapleTerms.Of(certificate));
        // Built without the network: what the other side needs beside the certificate stands in the file.
        Context = SslStreamCertificateContext.Create(certificate, others, offline: true);
        Hosts = [.. hosts.SelectMany(Forms).Distinct(StringComparer.OrdinalIgnoreCase)];
        Holder = Hosts.Count > 0 ? string.Join(", ", Hosts) : certificate.Subject;
        (NotBefore, NotAfter) = (new DateTimeOffset(certificate.NotBefore), new DateTimeOffset(certificate.NotAfter));
    }

    /// <summary>The certificate, its key and the chain, as handshakes show it.</summary>
    public SslStreamCertificateContext Context { get; }

    /// <summary>Names that it is for.</summary>
    public IReadOnlyList<string> Hosts { get; }

    /// <summary>Whose it is, for the log.</summary>
    public string Holder { get; }

    /// <summary>From when on it is valid.</summary>
    public DateTimeOffset NotBefore { get; }

    /// <summary>When it expires.</summary>
    public DateTimeOffset NotAfter { get; }

    /// <summary>What it says of its staple.</summary>
    public StapleTerms Staple { get; }

    /// <summary>Makes what handshakes show with the staple. The platform asks the authority for it at once, and again as handshakes go on.</summary>
    /// <returns><see langword="null"/> while the chain ends in no root that is known: the platform would look in the network for what is missing, and cannot tell without it who made a staple.</returns>
    public SslStreamCertificateContext? CreateStapled() => IsComplete() ? SslStreamCertificateContext.Create(Context.TargetCertificate, _others, offline: false) : null;

    /// <summary>Reads what the files hold now.</summary>
    /// <param name="files">Where it is.</param>
    /// <param name="purposes">All that it is to be shown for.</param>
    /// <exception cref="CertificateRefusedException">They cannot be read, do not belong together, or are no certificate for that.</exception>
    public static OwnCertificate Read(CertificateFiles files, params ReadOnlySpan<CertificatePurpose> purposes)
    {
        try
        {
            var found = Load(files);
            var certificate = found.FirstOrDefault(static one => one.HasPrivateKey) ?? throw new CertificateRefusedException($"there is no private key in {files.Key ?? files.Certificate}");
            if (FaultOf(certificate, purposes) is { } fault)
                throw new CertificateRefusedException(fault);
            found.Remove(certificate);
            return new OwnCertificate(certificate, found, files.Hosts.Count > 0 ? files.Hosts : HostsOf(certificate));
        }
        catch (Exception exception) when (exception is not (OutOfMemoryException or CertificateRefusedException))
        {
            // Whatever damaged or strange files make of their readers, it is the files' fault and not the process'.
            throw new CertificateRefusedException(exception.Message, exception);
        }
    }

    /// <summary>Reads one that is in no file.</summary>
    /// <param name="chain">It and those between it and the root, in PEM.</param>
    /// <param name="key">Its private key, in PEM.</param>
    /// <param name="purpose">What it is to be shown for.</param>
    /// <exception cref="CertificateRefusedException">They do not belong together, or are no certificate for that.</exception>
    public static OwnCertificate Parse(string chain, string key, CertificatePurpose purpose)
    {
        try
        {
            var found = new X509Certificate2Collection();
            found.ImportFromPem(chain);
            var certificate = X509Certificate2.CreateFromPem(chain, key);
            if (FaultOf(certificate, [purpose]) is { } fault)
                throw new CertificateRefusedException(fault);
            found.RemoveAt(0);
            return new OwnCertificate(certificate, found, HostsOf(certificate));
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            throw new CertificateRefusedException(exception.Message, exception);
        }
    }

    private bool IsComplete()
    {
        using var chain = new X509Chain();
        chain.ChainPolicy = new X509ChainPolicy { VerificationFlags = X509VerificationFlags.AllFlags, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        chain.ChainPolicy.ExtraStore.AddRange(_others);
        chain.Build(Context.TargetCertificate);
        return !chain.ChainStatus.Any(static one => one.Status.HasFlag(X509ChainStatusFlags.PartialChain));
    }

    private static X509Certificate2Collection Load(CertificateFiles files)
    {
        var content = File.ReadAllBytes(files.Certificate);
        var text = System.Text.Encoding.Latin1.GetString(content);
        if (!text.Contains(PemBegin, StringComparison.Ordinal))
            return X509CertificateLoader.LoadPkcs12Collection(content, files.Password, X509KeyStorageFlags.EphemeralKeySet);
        var found = new X509Certificate2Collection();
        found.ImportFromPem(text);
        if (found.Count == 0)
            throw new CertificateRefusedException($"there is no certificate in {files.Certificate}");
        var key = files.Key is null ? text : File.ReadAllText(files.Key);
        found[0] = files.Password is null ? X509Certificate2.CreateFromPem(text, key) : X509Certificate2.CreateFromEncryptedPem(text, key, files.Password);
        return found;
    }

    private static string? FaultOf(X509Certificate2 certificate, ReadOnlySpan<CertificatePurpose> purposes)
    {
        var usages = certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().SelectMany(static extension => extension.EnhancedKeyUsages.Cast<Oid>()).ToList();
        foreach (var purpose in purposes)
        {
            if (usages.Count > 0 && !usages.Exists(usage => usage.Value == purpose.Usage))
                return $"it is no certificate of a {purpose.Holder} (no {purpose.UsageName} among its extended key usages)";
        }

        using var rsa = certificate.GetRSAPublicKey();
        return rsa is { KeySize: < LeastRsaBits } ? $"its RSA key has {rsa.KeySize} bits, and {LeastRsaBits} are the least" : null;
    }

    private static IEnumerable<string> HostsOf(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(static extension => extension.EnumerateDnsNames());

    /// <summary>Certificates say names in the letters of the DNS, and the server hears them in those of the client.</summary>
    private static IEnumerable<string> Forms(string host)
    {
        yield return host;
        var star = host.StartsWith("*.", StringComparison.Ordinal) ? "*." : "";
        if (host.Contains("xn--", StringComparison.OrdinalIgnoreCase))
            yield return star + International.GetUnicode(host[star.Length..]);
    }
}
