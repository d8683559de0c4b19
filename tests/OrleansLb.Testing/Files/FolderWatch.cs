using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace OrleansLb.Testing.Files;

/// <summary>What happens to a folder, as the kernel sees it (inotify): a flush cannot be seen, but the folder has to be opened for it.</summary>
public sealed partial class FolderWatch : IDisposable
{
    private readonly SafeFileHandle _events;

    private FolderWatch(SafeFileHandle events) => _events = events;

    /// <summary>Watches a folder from now on.</summary>
    /// <param name="path">The folder.</param>
    public static FolderWatch Start(string path)
    {
        var events = new SafeFileHandle(Initialize(NonBlocking), ownsHandle: true);
        if (Add(events, path, Opened | MovedInto) < 0)
            throw Failed();
        return new FolderWatch(events);
    }

    /// <summary>Whether the folder was opened after the last rename to such a name and before the next rename. Looking into the folder opens it too.</summary>
    /// <param name="ending">How the name ends.</param>
    public bool WasOpenedAfterRenameTo(string ending)
    {
        var happened = Happened();
        var renamed = happened.FindLastIndex(each => each.Mask == MovedInto && each.Name.EndsWith(ending, StringComparison.Ordinal));
        return renamed >= 0 && happened.Skip(renamed + 1).TakeWhile(static each => each.Mask != MovedInto).Contains((Opened | IsFolder, ""));
    }

    /// <inheritdoc/>
    public void Dispose() => _events.Dispose();

    /// <summary>Everything that the kernel has queued: the mask and the name in the folder, which is empty for the folder itself.</summary>
    private List<(uint Mask, string Name)> Happened()
    {
        var buffer = new byte[64 * 1024];
        var length = (int)Read(_events, buffer, (nuint)buffer.Length);
        var happened = new List<(uint, string)>();
        for (var at = 0; at < length;)
        {
            var mask = BinaryPrimitives.ReadUInt32LittleEndian(buffer.AsSpan(at + 4));
            var name = BinaryPrimitives.ReadInt32LittleEndian(buffer.AsSpan(at + 12));
            happened.Add((mask, Encoding.UTF8.GetString(buffer, at + 16, name).TrimEnd('\0')));
            at += 16 + name;
        }

        return happened;
    }
}
