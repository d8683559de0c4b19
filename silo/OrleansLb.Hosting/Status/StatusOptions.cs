using System.ComponentModel.DataAnnotations;

namespace OrleansLb.Hosting.Status;

/// <summary>Where a process answers questions about itself.</summary>
public sealed class StatusOptions
{
    public const string SectionName = "OrleansLb:Status";

    /// <summary>Address to listen on, apart from the traffic.</summary>
    /// <value>Default <c>http://localhost:8090</c>.</value>
    [Required]
    public string Url { get; set; } = "http://localhost:8090";

    /// <summary>
    /// File of tokens, one a line: a name, what the token is good for (<c>read</c> or <c>admin</c>) and its SHA-256. With it all but probes needs one,
    /// wherever it is asked from, and the address may be one that other machines can reach.
    /// </summary>
    /// <value>Default none: on this machine nobody is asked who he is.</value>
    public string? Tokens { get; set; }

    /// <summary>Whether metrics need a token too, one for reading.</summary>
    /// <value>Default <see langword="false"/>.</value>
    public bool MetricsNeedToken { get; set; }

    /// <summary>Allows an address that other machines can reach without <see cref="Tokens"/>; probes and metrics alone are served there.</summary>
    /// <value>Default <see langword="false"/>.</value>
    public bool AllowRemote { get; set; }

    /// <summary>The certificate, where <see cref="Url"/> says <c>https</c>.</summary>
    public StatusTlsOptions Tls { get; } = new();

    /// <summary>Names, beside <c>localhost</c>, IP addresses and the host of <see cref="Url"/>, under which requests may address the server.</summary>
    /// <value>Default none.</value>
    public IList<string> AllowedHosts { get; } = [];
}
