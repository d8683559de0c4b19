using System.ComponentModel.DataAnnotations;
using OrleansLb.Configuration;
using OrleansLb.Frontend.Http.Limits;

namespace OrleansLb.Frontend.Http.Hosting;

/// <summary>Where the HTTP front-end listens and whom it believes; shares its section with <see cref="FrontendOptions"/>.</summary>
public sealed class HttpFrontendOptions : IValidatableObject
{
    public const string SectionName = FrontendOptions.SectionName;

    /// <summary>Addresses to listen on, separated by semicolons, as <c>http://*:8080</c>.</summary>
    /// <value>Default <c>http://localhost:8080</c>.</value>
    [Required]
    public string Urls { get; set; } = "http://localhost:8080";

    /// <summary>
    /// Networks or addresses of proxies in front of this one. What they say in <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> is believed, from the last
    /// one back to the first address that is none of them.
    /// </summary>
    /// <value>Default: none, and the client is whoever connects.</value>
    public IList<string> TrustedProxies { get; } = [];

    /// <summary>
    /// Whether what waits for a socket goes on right where its readiness is noticed, instead of on another thread. Takes a fifth to a half of the processor time off a request. What blocks a thread on a
    /// request's way holds up other connections then: whoever adds code of that kind to the process switches it off.
    /// </summary>
    /// <value>Default <see langword="true"/>.</value>
    public bool InlineCompletions { get; set; } = true;

    /// <summary>Who carries requests to backends.</summary>
    /// <value>Default <see cref="ForwarderKind.Direct"/>.</value>
    public ForwarderKind Forwarder { get; set; }

    /// <summary>What becomes of fields with an underscore in their names.</summary>
    /// <value>Default <see cref="UnderscoreAction.Reject"/>.</value>
    public UnderscoreAction UnderscoresInFieldNames { get; set; }

    /// <summary>Memory that the process may use, in bytes; 64 MiB or more. From 85 % of it on requests are refused, from 90 % on connections too.</summary>
    /// <value>Default: what .NET finds that it may use, of the machine, or a part of the container's.</value>
    [Range(64L << 20, long.MaxValue)]
    public long? MemoryLimit { get; set; }

    /// <summary>Takes them from one line too, as an environment variable has them; the framework would take such a line for an empty list.</summary>
    /// <param name="line">Networks or addresses separated by commas; <see langword="null"/> for none.</param>
    internal void AddTrustedProxies(string? line)
    {
        foreach (var proxy in line?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [])
            TrustedProxies.Add(proxy);
    }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        from proxy in TrustedProxies
        where !NetworkText.TryParse(proxy, out _)
        select new ValidationResult($"'{proxy}' is neither a network such as 10.0.0.0/8 nor an address", [nameof(TrustedProxies)]);
}
