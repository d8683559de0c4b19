using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace OrleansLb.Hosting.Storage;

/// <summary>
/// A file that grows at its end, whoever else cuts it off or writes to it: the framework's own way to append remembers where the end was when it opened the file. Says how much of a write
/// arrived, so that the rest can follow when the disk has room again.
/// </summary>
public sealed partial class AppendFile : IDisposable
{
    /// <summary>Where Linux tells which file a descriptor is, and where that is now.</summary>
    private const string Descriptors = "/proc/self/fd";

    private readonly string _path;
    private readonly SafeFileHandle _file;
    private readonly string? _place;

    private AppendFile(string path, SafeFileHandle file)
    {
        (_path, _file) = (path, file);
        _place = Place();
    }

    /// <summary>Whether the file is not where it was when it was opened: somebody moved, replaced or removed it. Not known without <c>/proc</c>.</summary>
    public bool HasMoved => _place is not null && Place() != _place;

    /// <summary>Opens a file, and creates it where it is missing, readable by its owner and group.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">It cannot be opened or created.</exception>
    public static AppendFile Open(string path)
    {
        var descriptor = OpenOrCreate(path, WriteOnly | Create | Append | NoTerminal | CloseOnExec, OwnerWritesGroupReads);
        return descriptor >= 0 ? new AppendFile(path, new SafeFileHandle(descriptor, ownsHandle: true)) : throw Failed(path);
    }

    /// <summary>The standard output of the process, which stays open when this is disposed of.</summary>
    public static AppendFile StandardOutput() => new("standard output", new SafeFileHandle(StandardOutputDescriptor, ownsHandle: false));

    /// <summary>Writes at the end of the file.</summary>
    /// <param name="bytes">One byte or more.</param>
    /// <returns>How many of them the file took; one or more.</returns>
    /// <exception cref="IOException">It took none.</exception>
    public int Write(ReadOnlySpan<byte> bytes)
    {
        while (true)
        {
            var written = WriteTo(_file, bytes, (nuint)bytes.Length);
            if (written > 0)
                return (int)written;
            if (written == 0 || Marshal.GetLastPInvokeError() != Interrupted)
                throw Failed(_path);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    // A pipe or a device has a name there too, which stays.
    private string? Place()
    {
        try
        {
            return new FileInfo($"{Descriptors}/{_file.DangerousGetHandle()}").LinkTarget;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // There is no /proc.
            return null;
        }
    }
}
