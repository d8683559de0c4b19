using OrleansLb.Hosting.Files;

namespace OrleansLb.Frontend.Http.Authentication;

/// <summary>Keys in a file, read again when it changes.</summary>
internal sealed class KeySetFile(WatchedFile<JwtKeys> file) : IKeySource
{
    /// <summary>Reads the file.</summary>
    /// <exception cref="FileRefusedException">It cannot be read, or is no key set.</exception>
    public static JwtKeys Read(string path) => JwtKeys.Parse(TextFile.Read(path), issuer: null);

    public ValueTask<JwtKeys?> Get(string? id) => new(file.Value);
}
