using System.Collections.Frozen;
using OrleansLb.Configuration.Settings;

namespace OrleansLb.Configuration.Answers;

/// <summary>Reads an answer that a front-end makes by itself.</summary>
/// <param name="problems">Where mistakes go.</param>
internal sealed class PageReader(Problems problems)
{
    public const string Status = "Status";
    public const string Body = "Body";
    public const string File = "File";
    public const string ContentType = "ContentType";
    public const string Headers = "Headers";
    public const string RetryAfter = "RetryAfter";

    // What says where an answer ends and what is spoken on its connection is the server's, and what has a key of its own is said once.
    private static readonly FrozenSet<string> OwnFields = FrozenSet.ToFrozenSet(
        ["Connection", "Content-Length", "Content-Type", "Date", "Keep-Alive", "Proxy-Connection", "Retry-After", "TE", "Trailer", "Transfer-Encoding", "Upgrade"],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads.</summary>
    /// <param name="section">Its keys; <see langword="null"/> for none.</param>
    /// <param name="status">The status unless one is said.</param>
    /// <param name="retryAfter">The advice unless one is said.</param>
    /// <param name="isKept">Whether caches may keep it.</param>
    public PageDefinition Read(SettingsNode? section, int status, TimeSpan retryAfter, bool isKept)
    {
        var page = new PageDefinition(
            section.Whole(Status) ?? status,
            section.Text(Body),
            section.Text(File),
            section.Text(ContentType),
            [.. (section?.Child(Headers)?.Children ?? []).Select(static field => KeyValuePair.Create(field.Key, field.Value ?? ""))],
            section.Time(RetryAfter) ?? retryAfter,
            isKept);
        if (section is not null)
            Check(page, section);
        return page;
    }

    private void Check(PageDefinition page, SettingsNode section)
    {
        if (page is { Body: not null, File: not null })
            problems.Error($"{section.Path}:{File}", $"goes with no {Body}; an answer has one of the two");
        if (page.Status is 204 or 205 or 304 && (page.Body ?? page.File) is not null)
            problems.Error($"{section.Path}:{(page.Body is not null ? Body : File)}", $"an answer of status {page.Status} has no body");
        if (page is { ContentType: not null, Body: null, File: null } && !section.WasRemoved(Body) && !section.WasRemoved(File))
            problems.Error($"{section.Path}:{ContentType}", $"has no effect without {Body} or {File}");
        foreach (var (name, _) in page.Headers)
        {
            if (!HeaderName.IsValid(name))
                problems.Error($"{section.Path}:{Headers}:{name}", $"{Quote.Value(name)} is not the name of a header");
            else if (OwnFields.Contains(name))
                problems.Error($"{section.Path}:{Headers}:{name}", "is said by the front-end itself");
        }
    }
}
