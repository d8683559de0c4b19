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

    /// <summary>Allows an address that other machines can reach, although the status server asks nobody who they are.</summary>
    /// <value>Default <see langword="false"/>.</value>
    public bool AllowRemote { get; set; }

    /// <summary>Names, beside <c>localhost</c> and IP addresses, under which requests may address the server.</summary>
    /// <value>Default none.</value>
    public IList<string> AllowedHosts { get; } = [];
}
