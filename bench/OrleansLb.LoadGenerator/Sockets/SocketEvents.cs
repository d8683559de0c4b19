using System.Buffers.Binary;
using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace OrleansLb.LoadGenerator.Sockets;

/// <summary>
/// Waits for many sockets on one thread, by epoll(7). What the framework has instead hands each event to a thread of its pool, which costs more than the
/// request that is measured, and whose waits end within a millisecond instead of microseconds.
/// </summary>
internal sealed partial class SocketEvents : IDisposable
{
    private const int Most = 256;
    private const uint Readable = 0x1;
    private const uint Writable = 0x4;
    private const int Add = 1;
    private const int Change = 3;
    private const int Interrupted = 4;
    private const int SetTimerSlack = 29;

    // The kernel packs an event on x64 only.
    private static readonly int KeyAt = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private static readonly int Size = KeyAt + sizeof(long);

    private readonly int _queue = Checked(epoll_create1(0));
    private readonly byte[] _events = new byte[Most * Size];

    /// <summary>Reports from now on that a socket can be read; closing it ends that.</summary>
    public void Watch(Socket socket, int key) => Control(Add, socket, key, Readable);

    /// <summary>Reports that it can be written too, or no longer.</summary>
    public void Watch(Socket socket, int key, bool writable) => Control(Change, socket, key, writable ? Readable | Writable : Readable);

    /// <summary>Waits until something happens or the time is over.</summary>
    /// <returns>How many events there are.</returns>
    public int Wait(TimeSpan limit)
    {
        var time = new KernelTime(limit.Ticks / TimeSpan.TicksPerSecond, limit.Ticks % TimeSpan.TicksPerSecond * 100);
        var count = epoll_pwait2(_queue, ref _events[0], Most, in time, 0);
        return count < 0 && Marshal.GetLastPInvokeError() == Interrupted ? 0 : Checked(count);
    }

    /// <summary>Whose an event is.</summary>
    public int Key(int index) => (int)BinaryPrimitives.ReadInt64LittleEndian(_events.AsSpan((index * Size) + KeyAt));

    /// <summary>Lets waits of this thread end when they should: by default the kernel may add 50 us.</summary>
    public static void WakeThisThreadInTime() => Checked(prctl(SetTimerSlack, 1, 0, 0, 0));

    public void Dispose() => Checked(close(_queue));

    private void Control(int operation, Socket socket, int key, uint events)
    {
        Span<byte> wanted = stackalloc byte[Size];
        wanted.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(wanted, events);
        BinaryPrimitives.WriteInt64LittleEndian(wanted[KeyAt..], key);
        Checked(epoll_ctl(_queue, operation, (int)socket.SafeHandle.DangerousGetHandle(), ref wanted[0]));
    }

    private static int Checked(int result) => result >= 0 ? result : throw new Win32Exception(Marshal.GetLastPInvokeError());

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_create1(int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_ctl(int queue, int operation, int descriptor, ref byte wanted);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_pwait2(int queue, ref byte events, int most, in KernelTime limit, nint signals);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int prctl(int option, nuint second, nuint third, nuint fourth, nuint fifth);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int close(int descriptor);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct KernelTime(long seconds, long nanoseconds)
    {
        public readonly long Seconds = seconds;
        public readonly long Nanoseconds = nanoseconds;
    }
}
