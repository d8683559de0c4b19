using OrleansLb.Hosting.Certificates;

namespace OrleansLb.Hosting.Tls;

/// <summary>Finds at the start what would keep a process from meeting backends as it is told to.</summary>
public static class BackendTlsValidation
{
    /// <summary>All that is wrong, each naming its key.</summary>
    /// <param name="section">Where the profiles are configured.</param>
    /// <param name="profiles">The profiles by their names.</param>
    public static IEnumerable<string> MistakesOf(string section, IEnumerable<KeyValuePair<string, BackendTlsOptions>> profiles) =>
        profiles.SelectMany(profile => MistakesOf($"{section}:{profile.Key}", profile.Value));

    private static IEnumerable<string> MistakesOf(string section, BackendTlsOptions options)
    {
        if (!Enum.IsDefined(options.MinimumVersion))
            yield return $"{section}:MinimumVersion: it is none of {string.Join(", ", Enum.GetNames<TlsVersion>())}";
        if (options.Authorities is { } path && CertificateRefusedException.ReasonOf(() => TrustedAuthorities.Read(path)) is { } authorities)
            yield return $"{section}:Authorities: {authorities}";
        if (options.Shown is null && (options.Key ?? options.Password) is not null)
            yield return $"{section}:Certificate: the file is missing, and there is a Key or a Password";
        if (options.Shown is { } files && CertificateRefusedException.ReasonOf(() => OwnCertificate.Read(files, CertificatePurpose.Client)) is { } certificate)
            yield return $"{section}:Certificate: {certificate}";
    }
}
