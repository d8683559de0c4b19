using OrleansLb.Frontend.Http.Tls;

namespace OrleansLb.Frontend.Http.Authentication;

/// <summary>What a policy of certificates needs.</summary>
internal static class CertificateRules
{
    public static IEnumerable<(string Key, string Text)> Mistakes(AuthenticationPolicyOptions policy, ClientCertificateMode mode)
    {
        if (mode == ClientCertificateMode.None)
            yield return (nameof(policy.Type), $"clients are asked for certificates only where {TlsOptions.SectionName}:{nameof(TlsOptions.ClientCertificates)}:{nameof(ClientCertificateOptions.Mode)} says so");
        if (policy.Names.Any(static name => name.Length == 0))
            yield return (nameof(policy.Names), "one of them is empty");
    }
}
