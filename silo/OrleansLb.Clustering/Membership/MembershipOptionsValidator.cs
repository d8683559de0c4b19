using System.Net;
using Microsoft.Extensions.Options;
using OrleansLb.Clustering.Tls;
using StackExchange.Redis;

namespace OrleansLb.Clustering.Membership;

/// <summary>The rules that span several keys of <see cref="MembershipOptions"/>.</summary>
public sealed class MembershipOptionsValidator : IValidateOptions<MembershipOptions>
{
    public ValidateOptionsResult Validate(string? name, MembershipOptions options)
    {
        var errors = Errors(options).ToList();
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static IEnumerable<string> Errors(MembershipOptions options)
    {
        if (options.Membership == MembershipKind.Redis && string.IsNullOrWhiteSpace(options.Redis))
            yield return Error(nameof(options.Redis), "is required when Membership is Redis; give it as host:port");
        else if (options.Membership == MembershipKind.Redis && !CanParse(options.Redis!))
            yield return Error(nameof(options.Redis), "is not a Redis connection string; give it as host:port");

        if (options.SiloPort == options.GatewayPort)
            yield return Error(nameof(options.GatewayPort), $"must differ from SiloPort, both are {options.SiloPort}");

        if (!IPAddress.TryParse(options.AdvertisedAddress, out var address))
            yield return Error(nameof(options.AdvertisedAddress), $"'{options.AdvertisedAddress}' is not an IP address");
        else if (!IPAddress.IsLoopback(address) && !options.Insecure && !options.Tls.IsOn)
            yield return Error(nameof(options.AdvertisedAddress), $"{address} is off loopback, where whoever reaches the silo and gateway ports would be one of the cluster; give its processes certificates ({ClusterTlsOptions.SectionName}), or set {MembershipOptions.SectionName}:{nameof(options.Insecure)}=true if that network is trusted");
    }

    private static bool CanParse(string connectionString)
    {
        try
        {
            return ConfigurationOptions.Parse(connectionString).EndPoints.Count > 0;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static string Error(string key, string message) => $"{MembershipOptions.SectionName}:{key} {message}";
}
