using System.Text.Json;

namespace OrleansLb.Configuration;

/// <summary>A route that sends clients elsewhere. Written into one entry of its metadata.</summary>
/// <param name="Location">Where to, as a template.</param>
/// <param name="Status">The status of the answer.</param>
/// <param name="Unless">The scheme whose requests are not sent elsewhere, because they are where they should be; <see langword="null"/> for none.</param>
public sealed record RedirectDefinition(string Location, int Status, string? Unless)
{
    /// <summary>What a route without a word about it answers: browsers do not keep it, so that a mistake can be taken back.</summary>
    public const int UsualStatus = 302;

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <param name="text">The entry.</param>
    public static RedirectDefinition Parse(string text) => JsonSerializer.Deserialize<RedirectDefinition>(text)!;

    /// <inheritdoc/>
    public override string ToString() => JsonSerializer.Serialize(this);
}
