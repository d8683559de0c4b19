using OrleansLb.Frontend.Http.Hosting;

namespace OrleansLb.Frontend.Http.AccessLog;

/// <summary>The access log of a front-end: one line for each request.</summary>
public sealed class AccessLogOptions
{
    public const string SectionName = HttpFrontendOptions.SectionName + ":AccessLog";

    /// <summary>The value of <see cref="Path"/> for the standard output of the process.</summary>
    public const string StandardOutput = "-";

    /// <summary>The file; <c>-</c> for the standard output.</summary>
    /// <value>Default: none, and no request pays for what nobody reads.</value>
    public string? Path { get; set; }

    /// <summary>How lines look.</summary>
    /// <value>Default <see cref="AccessLogFormat.Json"/>.</value>
    public AccessLogFormat Format { get; set; }

    /// <summary>How many of the requests that were answered get a line. Those that ended for any other reason all do.</summary>
    /// <value>Default 100; allowed 0 to 100.</value>
    public double SamplePercent { get; set; } = 100;

    /// <summary>Whether queries are shown, of paths and of referers. They may carry keys.</summary>
    /// <value>Default <see langword="false"/>.</value>
    public bool Query { get; set; }

    /// <summary>Memory for lines that wait to be written, in bytes; what comes beyond it is dropped. It is taken when it is needed.</summary>
    /// <value>Default 16 MiB; allowed 128 KiB to 1 GiB.</value>
    public long BufferSize { get; set; } = 16 << 20;

    /// <summary>How long a line may wait before it is written.</summary>
    /// <value>Default 1 s; allowed 10 ms to 1 min.</value>
    public TimeSpan FlushInterval { get; set; } = TimeSpan.FromSeconds(1);
}
