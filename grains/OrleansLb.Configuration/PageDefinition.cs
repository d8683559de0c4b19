using System.Text.Json;

namespace OrleansLb.Configuration;

/// <summary>An answer that a front-end makes by itself. Written into one entry of a route's metadata.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Body">Its body; <see langword="null"/> for that of the file, or none.</param>
/// <param name="File">Name of the file with its body, below the front-end's folder of pages.</param>
/// <param name="ContentType">What the body is; <see langword="null"/> for what the name of the file says, or plain text.</param>
/// <param name="Headers">Further fields.</param>
/// <param name="RetryAfter">When the client may try again; zero to say nothing of it.</param>
/// <param name="IsKept">Whether caches may keep it, as far as it says.</param>
public sealed record PageDefinition(
    int Status,
    string? Body,
    string? File,
    string? ContentType,
    IReadOnlyList<KeyValuePair<string, string>> Headers,
    TimeSpan RetryAfter,
    bool IsKept)
{
    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <param name="text">The entry.</param>
    public static PageDefinition Parse(string text) => JsonSerializer.Deserialize<PageDefinition>(text)!;

    /// <inheritdoc/>
    public override string ToString() => JsonSerializer.Serialize(this);
}
