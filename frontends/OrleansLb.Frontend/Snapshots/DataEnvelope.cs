using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace OrleansLb.Frontend.Snapshots;

/// <summary>The bytes of a file in the data folder: its format, a checksum over its content, and the content.</summary>
internal static class DataEnvelope
{
    private const int FormatVersion = 1;

    /// <summary>Wraps a content.</summary>
    public static ReadOnlyMemory<byte> Write<T>(T content, JsonTypeInfo<T> type)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(content, type);
        var buffer = new ArrayBufferWriter<byte>(json.Length + 256);
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        writer.WriteNumber("FormatVersion", FormatVersion);
        writer.WriteString("Sha256", Convert.ToHexStringLower(SHA256.HashData(json)));
        writer.WritePropertyName("Content");
        writer.WriteRawValue(json, skipInputValidation: true);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a whole content of this format.</exception>
    public static T Read<T>(ReadOnlyMemory<byte> file, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            using var document = JsonDocument.Parse(file);
            return Read(document.RootElement, type);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException("It is not whole: " + exception.Message, exception);
        }
    }

    private static T Read<T>(JsonElement root, JsonTypeInfo<T> type)
        where T : class
    {
        if (Property(root, "FormatVersion").GetInt32() is not FormatVersion and var format)
            throw new InvalidDataException($"It has format {format}, and this build reads format {FormatVersion}.");
        var content = Property(root, "Content");
        var checksum = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content.GetRawText())));
        if (checksum != Property(root, "Sha256").GetString())
            throw new InvalidDataException("Its checksum does not fit its content.");
        return content.Deserialize(type) ?? throw new InvalidDataException("It has no content.");
    }

    private static JsonElement Property(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) ? value : throw new InvalidDataException($"It has no {name}.");
}
