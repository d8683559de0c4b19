using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace OrleansLb.Hosting.Storage;

public sealed partial class AppendFile
{
    private const int StandardOutputDescriptor = 1;

    // The same numbers on every architecture that .NET runs Linux on.
    private const int WriteOnly = 1;
    private const int Create = 0x40;
    private const int NoTerminal = 0x100;
    private const int Append = 0x400;
    private const int CloseOnExec = 0x80000;
    private const int OwnerWritesGroupReads = 0x1A0;

    private const int Interrupted = 4;

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenOrCreate(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint WriteTo(SafeFileHandle file, ReadOnlySpan<byte> bytes, nuint length);

    private static IOException Failed(string path) => new($"{path}: {Marshal.GetLastPInvokeErrorMessage()}");
}
