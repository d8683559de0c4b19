using Microsoft.Extensions.Options;
using OrleansLb.Frontend.Http.Authentication;

namespace OrleansLb.Frontend.Http.Cors;

/// <summary>Says what is wrong by key.</summary>
internal sealed class CorsOptionsValidation : IValidateOptions<EdgeCorsOptions>
{
    private const string Section = EdgeCorsOptions.SectionName;

    private static readonly TimeSpan LongestMemory = TimeSpan.FromDays(1);

    public ValidateOptionsResult Validate(string? name, EdgeCorsOptions options)
    {
        var mistakes = Mistakes(options).ToList();
        return mistakes.Count > 0 ? ValidateOptionsResult.Fail(mistakes) : ValidateOptionsResult.Success;
    }

    private static IEnumerable<string> Mistakes(EdgeCorsOptions options)
    {
        if (options.Default is { } chosen && !options.Policies.ContainsKey(chosen))
            yield return $"{Section}:Default: there is no policy '{chosen}'";
        foreach (var (policy, settings) in options.Policies)
        {
            if (ReservedNames.IsOfCors(policy))
                yield return $"{Section}:Policies:{policy}: the word has a meaning of its own as a route's CorsPolicy; choose another name";
            foreach (var (key, text) in Mistakes(settings))
                yield return $"{Section}:Policies:{policy}:{key}: {text}";
        }
    }

    private static IEnumerable<(string Key, string Text)> Mistakes(EdgeCorsPolicyOptions policy)
    {
        if (policy.Origins.Count == 0)
            yield return (nameof(policy.Origins), "one is needed; * is all");
        foreach (var origin in policy.Origins.Where(static origin => origin != EdgeCorsPolicyOptions.Any && !IsOrigin(origin)))
            yield return (nameof(policy.Origins), $"'{origin}' is neither an origin such as https://shop.example.com nor all below a host, as https://*.example.com");
        if (policy.Credentials && policy.Origins.Any(static origin => origin.Contains('*', StringComparison.Ordinal)))
            yield return (nameof(policy.Credentials), "with them each origin must be named: any page could act as its visitors");
        if (policy.Credentials && policy.Methods.Concat(policy.Headers).Concat(policy.ExposedHeaders).Contains(EdgeCorsPolicyOptions.Any))
            yield return (nameof(policy.Credentials), "with them each method and each header must be named");
        if (policy.MaxAge is { } age && (age < TimeSpan.Zero || age > LongestMemory))
            yield return (nameof(policy.MaxAge), $"{age} is not between {TimeSpan.Zero} and {LongestMemory}");
    }

    private static bool IsOrigin(string origin) =>
        Uri.TryCreate(origin.Replace("://*.", "://any.", StringComparison.Ordinal), UriKind.Absolute, out var address)
        && address.Scheme is "http" or "https" && address.GetLeftPart(UriPartial.Authority).Length == origin.Replace("://*.", "://any.", StringComparison.Ordinal).Length && address.UserInfo.Length == 0;
}
