using Microsoft.Extensions.Configuration.Json;

namespace OrleansLb.Hosting.Settings;

/// <summary>The framework's flattening of JSON to keys, without its file handling.</summary>
internal sealed class JsonContent : JsonStreamConfigurationProvider
{
    private JsonContent(Stream stream)
        : base(new JsonStreamConfigurationSource { Stream = stream })
    {
    }

    public static IDictionary<string, string?> Parse(byte[] json)
    {
        using var stream = new MemoryStream(json, writable: false);
        var content = new JsonContent(stream);
        content.Load();
        return content.Data;
    }
}
