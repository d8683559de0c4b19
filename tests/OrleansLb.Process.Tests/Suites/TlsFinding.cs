using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansLb.Process.Tests.Suites;

/// <summary>One line of what <c>testssl</c> found, whether good or bad.</summary>
/// <param name="Id">What it looked at.</param>
/// <param name="Severity">How bad it is; <c>OK</c> and <c>INFO</c> are not.</param>
/// <param name="Text">What it saw.</param>
internal sealed record TlsFinding([property: JsonPropertyName("id")] string Id, [property: JsonPropertyName("severity")] string Severity, [property: JsonPropertyName("finding")] string Text)
{
    /// <summary>Whether it is worse than what a strict reader would mend some day.</summary>
    public bool IsAboveLow => Severity is not ("OK" or "INFO" or "LOW" or "DEBUG");

    public static async Task<IReadOnlyList<TlsFinding>> Read(string file)
    {
        await using var stream = File.OpenRead(file);
        return await JsonSerializer.DeserializeAsync<TlsFinding[]>(stream) ?? [];
    }
}
