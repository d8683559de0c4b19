using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration.Json;

namespace OrleansLb.Hosting.Settings;

/// <summary>The framework's flattening of JSON to keys, without its file handling.</summary>
internal sealed class JsonContent : JsonStreamConfigurationProvider
{
    private JsonContent(Stream stream)
        : base(new JsonStreamConfigurationSource { Stream = stream })
    {
    }

    /// <exception cref="JsonException">It is no JSON, or holds a text that is none.</exception>
    /// <exception cref="FormatException">It is no object, or has a key twice.</exception>
    public static IDictionary<string, string?> Parse(byte[] json)
    {
        using var stream = new MemoryStream(json, writable: false);
        var content = new JsonContent(stream);
        try
        {
            content.Load();
        }
        catch (InvalidOperationException exception)
        {
            // The one thing that JSON can write and no text can hold. The framework does not say where it is.
            throw HalfCharacter(json, exception);
        }

        return content.Data;
    }

    private static JsonException HalfCharacter(byte[] json, InvalidOperationException exception)
    {
        using var text = new StreamReader(new MemoryStream(json, writable: false));
        var bytes = Encoding.UTF8.GetBytes(text.ReadToEnd());
        var before = bytes.AsSpan(0, FirstHalfCharacter(bytes));
        return new JsonException("half a character (an unpaired UTF-16 surrogate).", null, before.Count((byte)'\n'), before.Length - 1 - before.LastIndexOf((byte)'\n'), exception);
    }

    /// <summary>Where the text begins that holds it; the end for none.</summary>
    private static int FirstHalfCharacter(byte[] json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.PropertyName or JsonTokenType.String && !IsText(ref reader))
                return (int)reader.TokenStartIndex;
        }

        return json.Length;
    }

    private static bool IsText(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString() is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
