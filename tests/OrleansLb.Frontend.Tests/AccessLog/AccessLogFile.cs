using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Frontend.Http.AccessLog;
using OrleansLb.Frontend.Tests.LoadBalancing;

namespace OrleansLb.Frontend.Tests.AccessLog;

/// <summary>The access log of a front-end of a test, in a folder of its own.</summary>
internal sealed class AccessLogFile : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orleanslb-log");

    internal string Path => System.IO.Path.Combine(_folder.FullName, "access.log");

    /// <summary>What the front-end is told of it.</summary>
    internal Dictionary<string, string?> Settings => Of();

    /// <summary>What the front-end is told, with more below the same section.</summary>
    internal Dictionary<string, string?> Of(params (string Key, string? Value)[] further)
    {
        var settings = new Dictionary<string, string?> { [$"{AccessLogOptions.SectionName}:Path"] = Path };
        foreach (var (key, value) in further)
            settings[$"{AccessLogOptions.SectionName}:{key}"] = value;
        return settings;
    }

    /// <summary>The lines of a file, once there are so many.</summary>
    internal async Task<string[]> Lines(IServiceProvider services, int count, string? path = null)
    {
        await Eventually.Is(() => Seen(services, path).Length >= count);
        var lines = Read(path ?? Path);
        Assert.Equal(count, lines.Length);
        return lines;
    }

    /// <summary>The lines of a file so far; more are soon there if more wait.</summary>
    internal string[] Seen(IServiceProvider services, string? path = null)
    {
        services.GetRequiredService<AccessLogWriter>().Wake();
        return Read(path ?? Path);
    }

    /// <summary>The last of so many lines of JSON.</summary>
    internal async Task<JsonElement> Last(IServiceProvider services, int count = 1)
    {
        using var line = JsonDocument.Parse((await Lines(services, count))[^1]);
        return line.RootElement.Clone();
    }

    /// <summary>Waits until some line says something.</summary>
    internal Task Has(IServiceProvider services, string text) => Eventually.Is(() => Seen(services).Any(line => line.Contains(text, StringComparison.Ordinal)), text);

    public void Dispose() => _folder.Delete(recursive: true);

    // What is being written may be half a line.
    private static string[] Read(string path) => File.Exists(path) ? File.ReadAllText(path).Split('\n')[..^1] : [];
}
