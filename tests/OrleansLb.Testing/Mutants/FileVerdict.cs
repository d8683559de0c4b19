using Microsoft.Extensions.Configuration;
using OrleansLb.Configuration;
using OrleansLb.Core.Affinity;
using OrleansLb.Core.Configuration;
using OrleansLb.Hosting.CommandLine;
using OrleansLb.Hosting.Settings;

namespace OrleansLb.Testing.Mutants;

/// <summary>What a process says to a configuration file.</summary>
/// <param name="Fate">What becomes of it.</param>
/// <param name="Digest">Of its cluster-wide part; empty when it is unreadable.</param>
/// <param name="Errors">Why it is not taken, as the status document lists it.</param>
public sealed record FileVerdict(FileFate Fate, string Digest, IReadOnlyList<string> Errors)
{
    private static readonly ProcessDescription Nobody = new() { Name = "test", Summary = "A test." };

    private static readonly ConfigurationCompiler Compiler = new();

    /// <summary>Reads a file as processes do and compiles what it says.</summary>
    /// <param name="path">Absolute path of the file.</param>
    public static FileVerdict Of(string path)
    {
        IConfiguration configuration;
        try
        {
            configuration = new ConfigurationBuilder().AddOrleansLbConfiguration(new ProcessStart(Nobody, path, [])).Build();
        }
        catch (StartupException exception)
        {
            return new FileVerdict(FileFate.Unreadable, "", exception.Errors);
        }

        var document = SettingsDocument.From(configuration);
        var result = Compiler.Compile(document, version: 1, GenerationLedger.Empty, KeyRing.Empty);
        return new FileVerdict(result.Configuration is null ? FileFate.Refused : FileFate.Taken, document.Digest, [.. result.Errors.Select(static error => $"{error.Path}: {error.Message}")]);
    }

    /// <summary>The same for a file that is not there yet.</summary>
    /// <param name="path">Where to write it; it is there afterwards.</param>
    /// <param name="content">What to write.</param>
    public static FileVerdict Of(string path, byte[] content)
    {
        File.WriteAllBytes(path, content);
        return Of(path);
    }
}
