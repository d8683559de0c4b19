using Microsoft.Extensions.Options;
using OrleansLb.Hosting.Certificates;
using OrleansLb.Hosting.Tls;

namespace OrleansLb.Frontend.Http.Tls;

/// <summary>A front-end that is told of certificates must have them all at its start: clients of one that is missing would get another one, and nobody would know why.</summary>
/// <param name="endsTls">Whether https is spoken to clients.</param>
/// <param name="hasQuic">Whether HTTP/3 can be spoken.</param>
/// <param name="canStaple">Whether the machine's TLS shows staples.</param>
internal sealed class TlsOptionsValidation(bool endsTls = true, bool hasQuic = true, bool canStaple = true) : IValidateOptions<TlsOptions>
{
    private const string Section = TlsOptions.SectionName;

    public ValidateOptionsResult Validate(string? name, TlsOptions options)
    {
        var mistakes = (endsTls ? MistakesTowardsClients(options) : []).Concat(BackendTlsValidation.MistakesOf($"{Section}:{nameof(options.Backends)}", options.Backends)).ToList();
        return mistakes.Count > 0 ? ValidateOptionsResult.Fail(mistakes) : ValidateOptionsResult.Success;
    }

    private IEnumerable<string> MistakesTowardsClients(TlsOptions options)
    {
        if (options.Http3 && !hasQuic)
            yield return $"{Section}:{nameof(options.Http3)}: this machine has no library for QUIC, without which HTTP/3 cannot be spoken; install libmsquic 2, or leave it off";
        if (options.OcspStapling && !canStaple)
            yield return $"{Section}:{nameof(options.OcspStapling)}: staples are shown on Linux only, where .NET has them; leave it off";
        if (options.Certificates.Count == 0 && !options.Acme)
            yield return $"{Section}:Certificates: https is to be spoken, and there is no certificate";
        if (options.Default is { } chosen && !options.Certificates.ContainsKey(chosen))
            yield return $"{Section}:Default: there is no certificate '{chosen}'";
        foreach (var (certificate, files) in options.Certificates)
        {
            if (MistakeOf(files) is { } mistake)
                yield return $"{Section}:Certificates:{certificate}: {mistake}";
        }

        if (MistakeOf(options.ClientCertificates) is { } authorities)
            yield return $"{Section}:ClientCertificates:Authorities: {authorities}";
    }

    private static string? MistakeOf(CertificateFiles files)
    {
        if (files.Certificate.Length == 0)
            return "Certificate, the file, is missing";
        if (files.Hosts.FirstOrDefault(static host => !IsHost(host)) is { } wrong)
            return $"'{wrong}' among Hosts is neither a host such as example.com nor all hosts below one, as *.example.com";
        return CertificateRefusedException.ReasonOf(() => OwnCertificate.Read(files, CertificatePurpose.Server));
    }

    private static string? MistakeOf(ClientCertificateOptions clients)
    {
        if (clients.Mode == ClientCertificateMode.None)
            return null;
        return clients.Authorities is { Length: > 0 } path ? CertificateRefusedException.ReasonOf(() => TrustedAuthorities.Read(path)) : "the file is missing, and certificates of clients are asked for";
    }

    private static bool IsHost(string host) =>
        Uri.CheckHostName(host.StartsWith("*.", StringComparison.Ordinal) ? host[2..] : host) == UriHostNameType.Dns;
}
