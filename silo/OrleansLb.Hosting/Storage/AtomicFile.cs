namespace OrleansLb.Hosting.Storage;

/// <summary>
/// Small files of one process that are replaced as a whole or not at all, and that stay so when the machine loses its power after the
/// call. A rename is a change of the folder: without writing the folder to the disk too, the old file may be back after a crash.
/// </summary>
public static class AtomicFile
{
    private const UnixFileMode OwnerReadsAndWrites = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Creates a folder that only the process' own user may enter, and what is missing above it.</summary>
    /// <param name="path">Full path of the folder; an existing one is left as it is.</param>
    /// <exception cref="IOException">It cannot be created.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be created.</exception>
    public static void CreateDirectory(string path)
    {
        if (Directory.Exists(path))
            return;
        var existing = Path.GetDirectoryName(path);
        while (existing is not null && !Directory.Exists(existing))
            existing = Path.GetDirectoryName(existing);
        Directory.CreateDirectory(path, OwnerReadsAndWrites | UnixFileMode.UserExecute);
        for (var changed = Path.GetDirectoryName(path); changed is not null; changed = changed == existing ? null : Path.GetDirectoryName(changed))
            DirectoryFlush.Run(changed);
    }

    /// <summary>Writes a file, readable by the process' own user only.</summary>
    /// <param name="path">Full path of the file, in a folder that exists.</param>
    /// <param name="content">All of its bytes.</param>
    /// <exception cref="IOException">It cannot be written; what was there before may still be, as a whole.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written; what was there before still is.</exception>
    public static void Replace(string path, ReadOnlySpan<byte> content)
    {
        var temporary = path + ".tmp";
        // A left-over of a crash may have another mode; the mode given at creation only counts for a new file.
        File.Delete(temporary);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerReadsAndWrites };
        using (var file = new FileStream(temporary, options))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
        DirectoryFlush.Run(Path.GetDirectoryName(path)!);
    }

    /// <summary>Removes a file for good.</summary>
    /// <param name="path">Full path of the file; a missing one is fine.</param>
    /// <exception cref="IOException">It cannot be removed.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be removed.</exception>
    public static void Delete(string path)
    {
        if (!File.Exists(path))
            return;
        File.Delete(path);
        DirectoryFlush.Run(Path.GetDirectoryName(path)!);
    }
}
