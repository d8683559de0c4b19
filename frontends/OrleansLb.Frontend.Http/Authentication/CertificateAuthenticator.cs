using System.Runtime.CompilerServices;
using System.Security.Claims;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace OrleansLb.Frontend.Http.Authentication;

/// <summary>Believes certificates that the front-end verified when the connection was made.</summary>
internal sealed class CertificateAuthenticator(AuthenticationPolicyOptions policy) : IAuthenticator
{
    private static readonly Refusal Missing = new(403, AuthOutcomes.Reason(AuthOutcomes.Missing));
    private static readonly Refusal Other = new(403, AuthOutcomes.Reason(AuthOutcomes.Certificate));

    // A connection has one for all of its requests.
    private static readonly ConditionalWeakTable<X509Certificate2, CertificateNames> Read = [];

    private readonly HashSet<string> _names = new(policy.Names, StringComparer.OrdinalIgnoreCase);

    public IReadOnlyList<string> Fields => [];

    public ValueTask<Verdict> Authenticate(HttpContext context) => new(Judge(context));

    private Verdict Judge(HttpContext context)
    {
        if (context.Features.Get<ITlsConnectionFeature>()?.ClientCertificate is not { } certificate)
            return Verdict.Refuse(Missing);
        var names = Read.GetValue(certificate, CertificateNames.Of);
        var name = names.All.FirstOrDefault(name => _names.Count == 0 || _names.Contains(name));
        if (_names.Count > 0 && name is null)
            return Verdict.Refuse(Other);
        Claim[] claims = name is null ? [] : [new Claim("sub", name)];
        return Verdict.Accept(new ClaimsPrincipal(new ClaimsIdentity(claims, nameof(AuthenticationType.ClientCertificate), "sub", null)), name);
    }
}
