using System.Text.Json.Nodes;

namespace OrleansLb.Process.Tests.Shared;

/// <summary>A change of a backend's state as its history should tell of it.</summary>
/// <param name="From">State before.</param>
/// <param name="To">State after.</param>
/// <param name="Cause">Who or what is behind it.</param>
/// <param name="Evidence">Words that tell why, among others.</param>
internal sealed record StateChange(string From, string To, string Cause, string Evidence)
{
    public bool Is(JsonNode? told) =>
        told is not null
        && ((string?)told["from"], (string?)told["to"], (string)told["cause"]!) == (From, To, Cause)
        && ((string)told["evidence"]!).Contains(Evidence, StringComparison.Ordinal);
}
