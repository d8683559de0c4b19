using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace OrleansLb.Testing.Certificates;

/// <summary>An authority of a test's own, with one between it and what it issues, as public ones have.</summary>
public sealed class TestAuthority : IDisposable
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    // Clocks of tests stand in other years.
    private static readonly DateTimeOffset Begin = new(1999, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset End = new(2090, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly X509Certificate2 _root;
    private readonly X509Certificate2 _intermediate;

    public TestAuthority(string name = "Test root")
    {
        _root = Authority(name, issuer: null);
        _intermediate = Authority(name + " intermediate", _root);
    }

    /// <summary>The root in PEM, which those who trust it have.</summary>
    public string RootPem => _root.ExportCertificatePem();

    /// <summary>The root without its key.</summary>
    public X509Certificate2 Root => X509CertificateLoader.LoadCertificate(_root.RawData);

    /// <summary>The name of who issues, in DER.</summary>
    public byte[] IssuerName => _intermediate.SubjectName.RawData;

    /// <summary>A certificate of a server, with its key.</summary>
    public IssuedCertificate Server(params string[] hosts) => Issue(hosts, ServerAuthentication, Begin, End);

    /// <summary>One whose key is on another curve than P-256.</summary>
    public IssuedCertificate Server(ECCurve curve, params string[] hosts) => Issue(hosts, [ServerAuthentication], Begin, End, [], curve);

    /// <summary>One that is valid in another time.</summary>
    public IssuedCertificate Server(DateTimeOffset notBefore, DateTimeOffset notAfter, params string[] hosts) => Issue(hosts, ServerAuthentication, notBefore, notAfter);

    /// <summary>One that says where this authority is asked whether it is revoked; the root is among what it is shown with, because no machine knows it.</summary>
    /// <param name="responder">Where it is asked.</param>
    /// <param name="isStapleRequired">Whether clients are to refuse it without the answer (RFC 7633).</param>
    /// <param name="hosts">Hosts that it is for.</param>
    public IssuedCertificate Stapled(Uri responder, bool isStapleRequired, params string[] hosts)
    {
        var access = new X509AuthorityInformationAccessExtension([responder.OriginalString], null);
        X509Extension[] required = isStapleRequired ? [new X509Extension("1.3.6.1.5.5.7.1.24", [0x30, 0x03, 0x02, 0x01, 0x05], critical: false)] : [];
        var issued = Issue(hosts, [ServerAuthentication], Begin, End, [access, .. required]);
        return issued with { ChainPem = issued.ChainPem + RootPem + '\n' };
    }

    /// <summary>Signs what it says of a certificate that it issued, by ECDSA with SHA-256.</summary>
    public byte[] Sign(byte[] data)
    {
        using var key = _intermediate.GetECDsaPrivateKey()!;
        return key.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
    }

    /// <summary>A certificate of a client, with its key.</summary>
    public IssuedCertificate Client(params string[] names) => Issue(names, ClientAuthentication, Begin, End);

    /// <summary>One of a client whose names are written as they are, whatever a reader makes of them.</summary>
    /// <param name="subject">The common name of its subject.</param>
    /// <param name="name">Its DNS name, in Latin-1.</param>
    public IssuedCertificate ClientWritten(string subject, string name)
    {
        var names = new AsnWriter(AsnEncodingRules.DER);
        using (names.PushSequence())
            names.WriteOctetString(Encoding.Latin1.GetBytes(name), new Asn1Tag(TagClass.ContextSpecific, 2));
        var common = new X500DistinguishedNameBuilder();
        common.AddCommonName(subject);
        return Issue(common.Build(), new X509Extension("2.5.29.17", names.Encode(), critical: false), [ClientAuthentication], Begin, End, []);
    }

    /// <summary>A certificate of somebody who connects and is connected to, with its key.</summary>
    public IssuedCertificate Peer(string name) => Peer(Begin, End, name);

    /// <summary>One that is valid in another time.</summary>
    public IssuedCertificate Peer(DateTimeOffset notBefore, DateTimeOffset notAfter, string name) => Issue([name], [ServerAuthentication, ClientAuthentication], notBefore, notAfter, []);

    public void Dispose()
    {
        _root.Dispose();
        _intermediate.Dispose();
    }

    private static X509Certificate2 Authority(string name, X509Certificate2? issuer)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        if (issuer is null)
            return request.CreateSelfSigned(Begin, End);
        using var issued = request.Create(issuer, Begin, End, Serial());
        return issued.CopyWithPrivateKey(key);
    }

    private IssuedCertificate Issue(string[] hosts, string usage, DateTimeOffset notBefore, DateTimeOffset notAfter) => Issue(hosts, [usage], notBefore, notAfter, []);

    private IssuedCertificate Issue(string[] hosts, string[] usages, DateTimeOffset notBefore, DateTimeOffset notAfter, X509Extension[] more, ECCurve? curve = null)
    {
        var names = new SubjectAlternativeNameBuilder();
        foreach (var host in hosts)
            names.AddDnsName(host);
        return Issue(new X500DistinguishedName($"CN={hosts[0]}"), names.Build(), usages, notBefore, notAfter, more, curve);
    }

    private IssuedCertificate Issue(X500DistinguishedName subject, X509Extension names, string[] usages, DateTimeOffset notBefore, DateTimeOffset notAfter, X509Extension[] more, ECCurve? curve = null)
    {
        using var key = ECDsa.Create(curve ?? ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([.. usages.Select(static usage => new Oid(usage))], critical: false));
        request.CertificateExtensions.Add(names);
        foreach (var extension in more)
            request.CertificateExtensions.Add(extension);
        using var issued = request.Create(_intermediate, notBefore, notAfter, Serial());
        return new IssuedCertificate(issued.ExportCertificatePem() + '\n' + _intermediate.ExportCertificatePem() + '\n', key.ExportPkcs8PrivateKeyPem() + '\n', issued.SerialNumber);
    }

    private static byte[] Serial()
    {
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] &= 0x7f;
        serial[0] |= 0x40;
        return serial;
    }
}
