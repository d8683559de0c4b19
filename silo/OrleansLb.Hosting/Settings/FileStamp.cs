namespace OrleansLb.Hosting.Settings;

/// <summary>
/// What tells one version of a file from the next without reading it. The target of every link on the way is part of it: a Kubernetes
/// volume changes a file by pointing a link of the folder elsewhere.
/// </summary>
/// <param name="Target">The file itself, behind all links; <see langword="null"/> for none.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Written">When it was written last.</param>
public readonly record struct FileStamp(string? Target, long Length, DateTime Written)
{
    private const int MostLinks = 40;

    /// <summary>The stamp of a file; the default for one that is not there.</summary>
    /// <param name="path">The file.</param>
    public static FileStamp Of(string path)
    {
        try
        {
            var target = new FileInfo(RealPath(Path.GetFullPath(path), MostLinks));
            return target.Exists ? new FileStamp(target.FullName, target.Length, target.LastWriteTimeUtc) : default;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Gone or replaced between two looks; the next look, or reading it, tells more.
            return default;
        }
    }

    /// <summary>Follows the links of every folder on the way, which the framework does for the last name only.</summary>
    private static string RealPath(string path, int linksLeft)
    {
        if (Path.GetDirectoryName(path) is not { } parent)
            return path;

        var folder = RealPath(parent, linksLeft);
        var here = Path.Combine(folder, Path.GetFileName(path));
        var link = new FileInfo(here).LinkTarget;
        if (link is null)
            return here;

        return linksLeft > 0 ? RealPath(Path.GetFullPath(link, folder), linksLeft - 1) : throw new IOException($"Too many links on the way to {path}.");
    }
}
