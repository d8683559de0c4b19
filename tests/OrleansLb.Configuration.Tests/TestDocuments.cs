using System.Text;
using Microsoft.Extensions.Configuration;
using OrleansLb.Core.Affinity;
using OrleansLb.Core.Configuration;

namespace OrleansLb.Configuration.Tests;

/// <summary>Documents and their compilation as the tests need them.</summary>
internal static class TestDocuments
{
    private static readonly ConfigurationCompiler Compiler = new(new TestPolicies());

    public static IConfigurationRoot OfFile(string name) =>
        new ConfigurationBuilder().AddJsonFile(Path.Combine(AppContext.BaseDirectory, "Corpus", name)).Build();

    public static IConfigurationRoot OfJson(string json) =>
        new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build();

    public static CompilationResult Compile(IConfiguration configuration, long version = 1) => Compile(SettingsDocument.From(configuration), version);

    /// <summary>A document that names most keys.</summary>
    public static Dictionary<string, string?> Full() => SettingsDocument.From(OfFile("Ours/full.json")).Settings.ToDictionary();

    public static CompilationResult Compile(Dictionary<string, string?> settings) => Compile(SettingsDocument.FromSettings(settings));

    public static CompilationResult Compile(SettingsDocument document, long version = 1) =>
        Compiler.Compile(document, version, GenerationLedger.Empty, KeyRing.Empty);

    /// <summary>That the full document with one value changed is refused, with the key and what would be right.</summary>
    public static void AssertRefused(string key, string value, string message, string? path)
    {
        var settings = Full();
        settings[key] = value;

        var result = Compile(settings);

        Assert.Null(result.Configuration);
        Assert.Contains(new ConfigurationError(path ?? key, message), result.Errors);
    }
}
