using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using OrleansLb.Hosting.Certificates;

namespace OrleansLb.Frontend.Http.Tls;

/// <summary>Why a backend is not believed to be the one that is meant.</summary>
/// <param name="Reason">How it is counted.</param>
/// <param name="Text">What an operator needs to know.</param>
internal sealed record BackendFault(string Reason, string Text)
{
    public const string Authority = "authority";
    public const string Certificate = "certificate";
    public const string Expired = "expired";
    public const string Handshake = "handshake";
    public const string Name = "name";

    private const int MostNames = 5;
    private const X509ChainStatusFlags NoAuthority = X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain;

    /// <summary>What is wrong with what a backend shows; <see langword="null"/> for nothing.</summary>
    /// <param name="host">The name that it must have.</param>
    /// <param name="shown">Its certificate; <see langword="null"/> for none.</param>
    /// <param name="chain">How far it leads.</param>
    /// <param name="errors">What the system found.</param>
    public static BackendFault? Of(string host, X509Certificate? shown, X509Chain? chain, SslPolicyErrors errors)
    {
        if (shown is not X509Certificate2 certificate || chain is null)
            return new BackendFault(Certificate, "it shows none");
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
            return OfChain(certificate, chain);
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
            return new BackendFault(Name, $"it is for {NamesOf(certificate)}, and not for {host}");
        if (errors != SslPolicyErrors.None)
            return new BackendFault(Certificate, errors.ToString());
        return TrustedAuthorities.IsPlain(certificate) ? null : new BackendFault(Certificate, "a name in it has a NUL, or cannot be read");
    }

    private static BackendFault OfChain(X509Certificate2 certificate, X509Chain chain)
    {
        var statuses = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, static (all, one) => all | one.Status);
        // Whose certificate it is not, of that the rest says nothing.
        if ((statuses & NoAuthority) != 0)
            return new BackendFault(Authority, $"none of the trusted authorities made it, but {Plain(certificate.Issuer)}");
        if (statuses.HasFlag(X509ChainStatusFlags.NotTimeValid))
            return new BackendFault(Expired, ValidityOf(chain));
        return new BackendFault(Certificate, string.Join("; ", chain.ChainStatus.Select(static one => one.StatusInformation.Trim())));
    }

    private static string ValidityOf(X509Chain chain)
    {
        var one = chain.ChainElements.First(static element => element.ChainElementStatus.Any(static status => status.Status == X509ChainStatusFlags.NotTimeValid)).Certificate;
        return string.Create(CultureInfo.InvariantCulture, $"{Plain(one.Subject)} is valid from {one.NotBefore.ToUniversalTime():yyyy-MM-dd HH:mm} to {one.NotAfter.ToUniversalTime():yyyy-MM-dd HH:mm} UTC");
    }

    private static string NamesOf(X509Certificate2 certificate)
    {
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(static extension => extension.EnumerateDnsNames().Concat(extension.EnumerateIPAddresses().Select(static address => address.ToString()))).Take(MostNames).ToList();
        return names.Count > 0 ? Plain(string.Join(", ", names)) : "no name at all";
    }

    /// <summary>What others wrote must not end a line of the log.</summary>
    private static string Plain(string text) => string.Concat(text.Select(static c => char.IsControl(c) ? '?' : c));
}
