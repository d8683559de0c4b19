using System.Runtime.InteropServices;

namespace OrleansLb.Hosting.Storage;

internal static partial class DirectoryFlush
{
    // The same numbers on every architecture that .NET runs Linux on.
    private const int ReadOnly = 0;
    private const int CloseOnExec = 0x80000;

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    private static IOException CannotOpen(string path) =>
        new($"Folder {path} cannot be opened: {Marshal.GetLastPInvokeErrorMessage()}.");
}
