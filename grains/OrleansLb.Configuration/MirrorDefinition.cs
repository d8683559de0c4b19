using System.Text.Json;

namespace OrleansLb.Configuration;

/// <summary>Which requests of a route are sent to another pool too. Written into one entry of the route's metadata.</summary>
/// <param name="Route">The route as configured, which all its parts have in common.</param>
/// <param name="Cluster">The other pool.</param>
/// <param name="Percent">How many of a hundred.</param>
/// <param name="MaxBody">Longest body that is copied, in bytes.</param>
/// <param name="MaxInFlight">Most copies of one front-end at once.</param>
/// <param name="Methods">Methods that are copied.</param>
/// <param name="Timeout">How long a copy may take.</param>
public sealed record MirrorDefinition(string Route, string Cluster, double Percent, int MaxBody, int MaxInFlight, IReadOnlyList<string> Methods, TimeSpan Timeout)
{
    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <param name="text">The entry.</param>
    public static MirrorDefinition Parse(string text) => JsonSerializer.Deserialize<MirrorDefinition>(text)!;

    /// <inheritdoc/>
    public override string ToString() => JsonSerializer.Serialize(this);
}
