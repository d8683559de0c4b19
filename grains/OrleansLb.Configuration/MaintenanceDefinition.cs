using System.Text.Json;

namespace OrleansLb.Configuration;

/// <summary>A pool that is closed. Written into one entry of the metadata of each of its routes.</summary>
/// <param name="Page">What clients get.</param>
/// <param name="AllowFrom">Networks whose clients get through.</param>
public sealed record MaintenanceDefinition(PageDefinition Page, IReadOnlyList<string> AllowFrom)
{
    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <param name="text">The entry.</param>
    public static MaintenanceDefinition Parse(string text) => JsonSerializer.Deserialize<MaintenanceDefinition>(text)!;

    /// <inheritdoc/>
    public override string ToString() => JsonSerializer.Serialize(this);
}
