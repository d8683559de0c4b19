using Microsoft.Win32.SafeHandles;

namespace OrleansLb.Hosting.Storage;

/// <summary>Writes the entries of a folder to the disk: which names it has, and which file each of them is.</summary>
internal static partial class DirectoryFlush
{
    /// <summary>Waits until the disk has the folder's entries. File systems that cannot do that are left to themselves.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="IOException">The folder cannot be opened or written.</exception>
    public static void Run(string path)
    {
        // The framework opens files only: File.OpenHandle refuses a folder.
        var descriptor = Open(path, ReadOnly | CloseOnExec);
        if (descriptor < 0)
            throw CannotOpen(path);
        using var folder = new SafeFileHandle(descriptor, ownsHandle: true);
        RandomAccess.FlushToDisk(folder);
    }
}
