using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace OrleansLb.Testing.Files;

public sealed partial class FolderWatch
{
    private const int NonBlocking = 0x800;
    private const uint Opened = 0x20;
    private const uint MovedInto = 0x80;
    private const uint IsFolder = 0x40000000;

    [LibraryImport("libc", EntryPoint = "inotify_init1", SetLastError = true)]
    private static partial int Initialize(int flags);

    [LibraryImport("libc", EntryPoint = "inotify_add_watch", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Add(SafeFileHandle events, string path, uint mask);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint Read(SafeFileHandle events, byte[] buffer, nuint length);

    private static IOException Failed() => new(Marshal.GetLastPInvokeErrorMessage());
}
