using System.Security;

namespace OrleansLb.Frontend.Http.Answers;

/// <summary>The content of a file, kept in memory, so that no request waits for a disk.</summary>
/// <param name="path">Where it is.</param>
internal sealed class PageFile(string path)
{
    /// <summary>The longest that is taken.</summary>
    public const int Longest = 1_048_576;

    private volatile byte[] _content = [];
    private (DateTime Written, long Length)? _seen;

    /// <summary>Where it is.</summary>
    public string Path => path;

    /// <summary>What was read last; empty until something could be.</summary>
    public byte[] Content => _content;

    /// <summary>Reads it if it has changed. One reader at a time.</summary>
    /// <returns>What came of it; <see langword="null"/> when it is as it was.</returns>
    public PageRead? Look()
    {
        var file = new FileInfo(path);
        var now = file.Exists ? (file.LastWriteTimeUtc, file.Length) : default;
        if (_seen == now)
            return null;
        try
        {
            var read = Read(file);
            _seen = now;
            return read;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or SecurityException)
        {
            _seen = now;
            return new PageRead(path, exception.Message);
        }
    }

    private PageRead Read(FileInfo file)
    {
        if (!file.Exists)
            return new PageRead(path, "it is not there");
        if (file.Length > Longest)
            return new PageRead(path, FormattableString.Invariant($"it has {file.Length} bytes, and at most {Longest} are taken"));
        _content = File.ReadAllBytes(path);
        return new PageRead(path, Fault: null);
    }
}
