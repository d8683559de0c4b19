using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using OrleansLb.Core.Http1;

namespace OrleansLb.Frontend.Http.Forwarding;

/// <summary>
/// One connection to a backend. Used by one request at a time: one reader and one writer, and anybody may abort it. While it is idle a read is pending, so that the
/// close of a backend, or bytes that nobody asked for, are seen before the next request is written, without a call of the system for that.
/// </summary>
internal sealed class BackendConnection(Socket socket, ConnectionPool pool) : IDisposable
{
    private const int UsualBuffer = 16 * 1024;

    private byte[] _buffer = NewBuffer();
    private int _start;
    private int _end;
    private ValueTask<int> _pending;
    private bool _hasPending;
    private int _isDisposed;

    /// <summary>When it is too old to be used again; a time stamp.</summary>
    public long EndOfLife { get; set; }

    public long IdleSince { get; set; }

    /// <summary>Whether a request was sent on it before the present one.</summary>
    public bool IsReused { get; private set; }

    /// <summary>The head that is read, its places being those of <see cref="Bytes"/>.</summary>
    public ResponseHead Head { get; } = new();

    public FieldSection Trailers { get; } = new(Http1Limits.Trailers, Http1Fault.TrailersTooLarge);

    /// <summary>What its last heads had, as strings.</summary>
    public FieldMemory Memory { get; } = new();

    /// <summary>All bytes that are kept.</summary>
    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, _end);

    /// <summary>Those of them that were not consumed.</summary>
    public ReadOnlySpan<byte> Unread => _buffer.AsSpan(_start, _end - _start);

    /// <summary>Whether nothing came while it is idle.</summary>
    public bool IsQuiet => _hasPending && !_pending.IsCompleted;

    /// <summary>Prepares for the next request; false if the backend has closed it, or said something unasked.</summary>
    public bool TryWake()
    {
        IsReused = true;
        return IsQuiet;
    }

    /// <summary>Waits for whatever the backend does next; false if it has done it already.</summary>
    [SuppressMessage("Reliability", "CA2012", Justification = "It is awaited once, by the first read of the next request, or dropped with its socket.")]
    public bool TrySleep()
    {
        if (_start != _end || Volatile.Read(ref _isDisposed) != 0)
            return false;
        if (_buffer.Length > UsualBuffer)
            _buffer = NewBuffer();
        (_start, _end) = (0, 0);
        try
        {
            _pending = socket.ReceiveAsync(_buffer.AsMemory(), SocketFlags.None);
        }
        catch (ObjectDisposedException)
        {
            // Aborted meanwhile, by a client that left.
            return false;
        }

        _hasPending = true;
        return IsQuiet;
    }

    public void Consume(int bytes) => _start += bytes;

    /// <summary>Moves what is not consumed to the front, where a section with places of its own begins.</summary>
    public void Compact()
    {
        if (_start == 0)
            return;
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
    }

    /// <summary>Reads more behind what is kept; 0 at the end of the connection.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<int> Fill()
    {
        if (_start == _end && !_hasPending)
            (_start, _end) = (0, 0);
        if (_end == _buffer.Length)
            Grow();
        var read = await (_hasPending ? TakePending() : socket.ReceiveAsync(_buffer.AsMemory(_end), SocketFlags.None));
        _end += read;
        return read;
    }

    /// <summary>Reads past the buffer; only when nothing is unread.</summary>
    public ValueTask<int> ReadInto(Memory<byte> memory) => socket.ReceiveAsync(memory, SocketFlags.None);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask Send(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[await socket.SendAsync(bytes, SocketFlags.None)..];
    }

    /// <summary>Ends it at once; what waits for it fails.</summary>
    public void Abort() => Dispose();

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
            return;
        socket.Dispose();
        pool.Closed();
    }

    private ValueTask<int> TakePending()
    {
        _hasPending = false;
        return _pending;
    }

    private void Grow()
    {
        if (_start > 0)
        {
            throw new InvalidOperationException("Places in the buffer may still be needed.");
        }

        var larger = new byte[2 * _buffer.Length];
        _buffer.AsSpan(0, _end).CopyTo(larger);
        _buffer = larger;
    }

    // A read may be pending in it for long: memory that is never moved costs the collector nothing.
    private static byte[] NewBuffer() => GC.AllocateUninitializedArray<byte>(UsualBuffer, pinned: true);
}
