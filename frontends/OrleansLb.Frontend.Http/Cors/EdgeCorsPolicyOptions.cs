namespace OrleansLb.Frontend.Http.Cors;

/// <summary>Which pages of other origins may do what.</summary>
public sealed class EdgeCorsPolicyOptions
{
    /// <summary>Stands for all.</summary>
    public const string Any = "*";

    /// <summary>Origins, as <c>https://shop.example.com</c>, all below a host, as <c>https://*.example.com</c>, or <c>*</c> for all. Needed.</summary>
    public IList<string> Origins { get; } = [];

    /// <summary>Methods beyond those that need no leave, or <c>*</c>.</summary>
    public IList<string> Methods { get; } = [];

    /// <summary>Headers of requests beyond those that need no leave, or <c>*</c>.</summary>
    public IList<string> Headers { get; } = [];

    /// <summary>Headers of answers that pages may read beyond those that need no leave.</summary>
    public IList<string> ExposedHeaders { get; } = [];

    /// <summary>Whether cookies and passwords are sent along. Goes with named origins only.</summary>
    /// <value>Default <see langword="false"/>.</value>
    public bool Credentials { get; set; }

    /// <summary>For how long browsers remember what they were told.</summary>
    /// <value>Default: as long as they like, mostly 5 s; 0 to 1 d.</value>
    public TimeSpan? MaxAge { get; set; }
}
