using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace OrleansLb.Core.Acme;

/// <summary>The documents of an authority (RFC 8555, section 7.1), which says more in them than is needed here.</summary>
[JsonSerializable(typeof(AcmeDirectory))]
[JsonSerializable(typeof(AcmeOrder))]
[JsonSerializable(typeof(AcmeAuthorization))]
[JsonSerializable(typeof(AcmeChallenge))]
[JsonSerializable(typeof(AcmeProblem))]
[JsonSerializable(typeof(NewAccount))]
[JsonSerializable(typeof(NewOrder))]
[JsonSerializable(typeof(FinalizeOrder))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    MaxDepth = 16)]
public sealed partial class AcmeJson : JsonSerializerContext
{
    /// <summary>Reads a document.</summary>
    /// <param name="document">Its bytes.</param>
    /// <param name="type">What it is.</param>
    /// <exception cref="InvalidDataException">It is none of that.</exception>
    public static T Read<T>(ReadOnlySpan<byte> document, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(document, type) ?? throw new InvalidDataException($"The authority answered nothing where {typeof(T).Name} was expected.");
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"The authority's answer is no {typeof(T).Name}: {exception.Message}", exception);
        }
    }
}
