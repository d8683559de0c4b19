using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using OrleansLb.Hosting.CommandLine;

namespace OrleansLb.Hosting.Settings;

/// <summary>
/// Serves the last good content of the configuration file. The framework's JSON provider empties its values when a reload finds the file
/// missing, half-written or wrong, and its watcher misses the symlink swap of a Kubernetes volume; this one keeps what it has, and
/// <see cref="ConfigurationFileWatcher"/> looks for changes.
/// </summary>
internal sealed class ConfigurationFileProvider(string path) : ConfigurationProvider, IConfigurationSource
{
    private readonly Lock _reading = new();
    private byte[]? _digest;
    private string? _notTaken;

    /// <summary>Absolute path of the file.</summary>
    public string Path { get; } = path;

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    /// <summary>Reads the file when the configuration is built; later calls serve what is there, since only a watched reload may fail.</summary>
    /// <exception cref="StartupException">The file cannot be read or is not a JSON object.</exception>
    public override void Load()
    {
        if (_digest is not null)
            return;

        if (Read(changedOnly: false) is { } error)
            throw new StartupException(error);
    }

    /// <summary>Reads the file again and announces its values if the content changed.</summary>
    public ReloadOutcome Reload()
    {
        var before = _digest;
        if (Read(changedOnly: true) is { } error)
            return new ReloadOutcome(false, error);

        if (ReferenceEquals(before, _digest))
            return new ReloadOutcome(false, _notTaken);

        _notTaken = Announce();
        return new ReloadOutcome(true, _notTaken);
    }

    /// <returns>What parts of the process say that cannot take the values and keep theirs, such as a level of the log that there is none of; or nothing.</returns>
    private string? Announce()
    {
        try
        {
            OnReload();
            return null;
        }
        catch (AggregateException exception)
        {
            return string.Join(' ', exception.Flatten().InnerExceptions.Select(static inner => inner.Message).Distinct());
        }
    }

    /// <returns>What is wrong with the file, or nothing.</returns>
    private string? Read(bool changedOnly)
    {
        lock (_reading)
        {
            try
            {
                // All bytes first: parsing a stream could see two versions of a file that is being written.
                var bytes = File.ReadAllBytes(Path);
                var digest = SHA256.HashData(bytes);
                if (changedOnly && _digest.AsSpan().SequenceEqual(digest))
                    return null;

                Data = JsonContent.Parse(bytes);
                _digest = digest;
                return null;
            }
            catch (FileNotFoundException)
            {
                return $"configuration file {Path} does not exist";
            }
            catch (DirectoryNotFoundException)
            {
                return $"configuration file {Path} does not exist";
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                return $"configuration file {Path} cannot be read: {exception.Message}";
            }
            catch (JsonException exception)
            {
                return $"configuration file {Path}, line {exception.LineNumber + 1}, column {exception.BytePositionInLine + 1}: {WithoutPosition(exception.Message)}";
            }
            catch (FormatException exception)
            {
                return $"configuration file {Path}: {exception.Message}";
            }
        }
    }

    private static string WithoutPosition(string message)
    {
        var position = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return position < 0 ? message : message[..position];
    }
}
