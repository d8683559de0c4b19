using OrleansLb.Hosting.Certificates;

namespace OrleansLb.Hosting.Tls;

/// <summary>One of the ways to meet backends that are configured, and its files.</summary>
public sealed class BackendProfile
{
    private readonly TlsVersion _least;

    /// <summary>Reads nothing yet.</summary>
    /// <param name="name">What its files are called in logs and metrics, before which of them.</param>
    /// <param name="options">Where its files are.</param>
    /// <param name="clock">Tells when they expire.</param>
    public BackendProfile(string name, BackendTlsOptions options, TimeProvider clock)
    {
        _least = options.MinimumVersion;
        if (options.Authorities is { } path)
            Authorities = new AuthoritiesEntry($"{name}:{nameof(options.Authorities)}", path);
        if (options.Shown is { } files)
            Certificate = new CertificateEntry($"{name}:{nameof(options.Certificate)}", files, clock, CertificatePurpose.Client);
    }

    /// <summary>Whose certificates are in order; <see langword="null"/> for those of everybody whom the machine trusts.</summary>
    public AuthoritiesEntry? Authorities { get; }

    /// <summary>What is shown; <see langword="null"/> for nothing.</summary>
    public CertificateEntry? Certificate { get; }

    /// <summary>The handshake by what the files held when they could last be read; <see langword="null"/> while one of them never could: nobody is met with less than was asked for.</summary>
    public BackendHandshake? Present => Authorities is { File.Value: null } || Certificate is { File.Value: null }
        ? null
        : new BackendHandshake(_least, Authorities?.File.Value, Certificate?.File.Value?.Context);
}
