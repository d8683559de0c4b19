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
    /// Networks or addresses of proxies whose connections begin with a header of the PROXY protocol, in version 1 or 2, which says who the client is. One of them that begins otherwise is ended, and
    /// from anywhere else a header is no request.
    /// </summary>
    /// <value>Default: none, and the client is whoever connects.</value>
    public IList<string> ProxyProtocol { get; } = [];

    /// <summary>Connections that one client may have at this front-end at once; one more is ended. Of IPv6 a client is a network of 64 bits.</summary>
    /// <value>Default: any number, as many clients may share an address; 1 or more.</value>
    [Range(1, int.MaxValue)]
    public int? MaxConnectionsPerClient { get; set; }

    /// <summary>Requests after which a connection ends in good order.</summary>
    /// <value>Default: any number; 1 or more.</value>
    [Range(1, int.MaxValue)]
    public int? MaxRequestsPerConnection { get; set; }

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

    /// <summary>Folder of the files of which answers are made that the configuration names; it can name no other file.</summary>
    /// <value>Default: <c>pages</c> in <see cref="FrontendOptions.DataDirectory"/>.</value>
    public string PagesDirectory { get; set; } = "";

    /// <summary>Memory that the process may use, in bytes; 64 MiB or more. From 85 % of it on requests are refused, from 90 % on connections too.</summary>
    /// <value>Default: what .NET finds that it may use, of the machine, or a part of the container's.</value>
    [Range(64L << 20, long.MaxValue)]
    public long? MemoryLimit { get; set; }

    /// <summary>Takes them from one line too, as an environment variable has them; the framework would take such a line for an empty list.</summary>
    /// <param name="line">Networks or addresses separated by commas; <see langword="null"/> for none.</param>
    internal void AddTrustedProxies(string? line) => Add(TrustedProxies, line);

    /// <summary>The same for those that speak the PROXY protocol.</summary>
    /// <param name="line">Networks or addresses separated by commas; <see langword="null"/> for none.</param>
    internal void AddProxyProtocol(string? line) => Add(ProxyProtocol, line);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => [.. Faults(TrustedProxies, nameof(TrustedProxies)), .. Faults(ProxyProtocol, nameof(ProxyProtocol))];

    private static IEnumerable<ValidationResult> Faults(IEnumerable<string> proxies, string key) =>
        from proxy in proxies
        where !NetworkText.TryParse(proxy, out _)
        select new ValidationResult($"'{proxy}' is neither a network such as 10.0.0.0/8 nor an address", [key]);

    private static void Add(IList<string> proxies, string? line)
    {
        foreach (var proxy in line?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [])
            proxies.Add(proxy);
    }
}
