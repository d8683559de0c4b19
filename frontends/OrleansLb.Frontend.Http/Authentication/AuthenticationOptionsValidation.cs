using Microsoft.Extensions.Options;
using OrleansLb.Frontend.Http.Tls;

namespace OrleansLb.Frontend.Http.Authentication;

/// <summary>Says what is wrong by key. Files are read as they will be later: a front-end that cannot tell who may come in does not start.</summary>
internal sealed class AuthenticationOptionsValidation(IOptions<TlsOptions> tls) : IValidateOptions<EdgeAuthenticationOptions>
{
    private const string Section = EdgeAuthenticationOptions.SectionName;

    public ValidateOptionsResult Validate(string? name, EdgeAuthenticationOptions options)
    {
        var mistakes = Mistakes(options).ToList();
        return mistakes.Count > 0 ? ValidateOptionsResult.Fail(mistakes) : ValidateOptionsResult.Success;
    }

    private IEnumerable<string> Mistakes(EdgeAuthenticationOptions options)
    {
        if (options.Default is { } chosen && !options.Policies.ContainsKey(chosen))
            yield return $"{Section}:Default: there is no policy '{chosen}'";
        foreach (var (policy, settings) in options.Policies)
        {
            if (ReservedNames.IsOfAuthorization(policy))
                yield return $"{Section}:Policies:{policy}: the word has a meaning of its own as a route's AuthorizationPolicy; choose another name";
            foreach (var (key, text) in Mistakes(settings))
                yield return $"{Section}:Policies:{policy}:{key}: {text}";
        }
    }

    private IEnumerable<(string Key, string Text)> Mistakes(AuthenticationPolicyOptions policy)
    {
        if (policy.Type is not { } type || !Enum.IsDefined(type))
            return [(nameof(policy.Type), $"it is none of {string.Join(", ", Enum.GetNames<AuthenticationType>())}")];
        var own = type switch
        {
            AuthenticationType.Jwt => JwtRules.Mistakes(policy),
            AuthenticationType.Basic => BasicRules.Mistakes(policy),
            AuthenticationType.Forward => ForwardRules.Mistakes(policy),
            _ => CertificateRules.Mistakes(policy, tls.Value.ClientCertificates.Mode),
        };
        return [.. PolicyKeys.OfOtherTypes(policy, type), .. own, .. FieldRule.Mistakes(nameof(policy.ForwardUser), policy.ForwardUser is { } field ? [field] : [])];
    }
}
