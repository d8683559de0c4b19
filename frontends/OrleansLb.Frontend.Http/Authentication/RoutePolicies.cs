using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Options;
using OrleansLb.Configuration;
using OrleansLb.Frontend.Http.Cors;

namespace OrleansLb.Frontend.Http.Authentication;

/// <summary>What routes may name here: our policies, those that an application has registered itself, and the words of YARP that mean something.</summary>
internal sealed class RoutePolicies(
    IOptions<EdgeAuthenticationOptions> ours,
    IOptions<EdgeCorsOptions> ourCors,
    IOptions<AuthorizationOptions> authorization,
    IOptions<AuthenticationOptions> schemes,
    IOptions<CorsOptions> cors) : IRoutePolicies
{
    public IReadOnlyCollection<string> AuthorizationNames => [.. HasDefault ? new[] { ReservedNames.Default } : [], ReservedNames.Anonymous, .. ours.Value.Policies.Keys];

    public IReadOnlyCollection<string> CorsNames => [.. HasDefaultCors ? new[] { ReservedNames.Default } : [], ReservedNames.Disable, .. ourCors.Value.Policies.Keys];

    // Without anybody who could say who it is, YARP's own meaning of the word would be a failure at each request.
    private bool HasDefault => ours.Value.Default is not null || schemes.Value.Schemes.Any();

    private bool HasDefaultCors => cors.Value.GetPolicy(cors.Value.DefaultPolicyName) is not null;

    public bool HasAuthorization(string name) =>
        ReservedNames.Is(name, ReservedNames.Anonymous)
        || (ReservedNames.Is(name, ReservedNames.Default) ? HasDefault : ours.Value.Policies.ContainsKey(name) || authorization.Value.GetPolicy(name) is not null);

    public bool HasCors(string name) =>
        ReservedNames.Is(name, ReservedNames.Disable)
        || (ReservedNames.Is(name, ReservedNames.Default) ? HasDefaultCors : CorsNameOf(name) is not null);

    /// <summary>The policy of ours that a route's <c>AuthorizationPolicy</c> means, as it is spelt; <see langword="null"/> for none of ours.</summary>
    public string? Own(string? name)
    {
        if (name is null)
            return null;
        var meant = ReservedNames.Is(name, ReservedNames.Default) ? ours.Value.Default : name;
        return ours.Value.Policies.Keys.FirstOrDefault(policy => string.Equals(policy, meant, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The name of a policy for other origins as the framework knows it, which tells cases apart; <see langword="null"/> for none.</summary>
    public string? CorsNameOf(string name) =>
        cors.Value.GetPolicy(name) is not null ? name : ourCors.Value.Policies.Keys.FirstOrDefault(policy => string.Equals(policy, name, StringComparison.OrdinalIgnoreCase));
}
