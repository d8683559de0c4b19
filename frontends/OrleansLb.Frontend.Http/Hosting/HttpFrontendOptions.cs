using System.ComponentModel.DataAnnotations;

namespace OrleansLb.Frontend.Http.Hosting;

/// <summary>Where the HTTP front-end listens; shares its section with <see cref="FrontendOptions"/>.</summary>
public sealed class HttpFrontendOptions
{
    public const string SectionName = FrontendOptions.SectionName;

    /// <summary>Addresses to listen on, separated by semicolons, as <c>http://*:8080</c>.</summary>
    /// <value>Default <c>http://localhost:8080</c>.</value>
    [Required]
    public string Urls { get; set; } = "http://localhost:8080";
}
