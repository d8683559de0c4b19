using System.Net;
using System.Net.Sockets;
using OrleansLb.LoadGenerator.Sockets;
using OrleansLb.LoadGenerator.Tls;
using OrleansLb.Reports;

namespace OrleansLb.LoadGenerator.Load;

/// <summary>Asks one server over some connections, on the thread that calls, without pipelining. A request that is due while all connections are busy waits for one, and that is part of its time.</summary>
public sealed class HttpLoad : ILoad
{
    /// <summary>The distribution's package that clients need to speak TLS.</summary>
    public const string TlsPackage = "libssl3";

    private const int BufferSize = 256 * 1024;

    // What is not answered by then after the last request was due is given up.
    private static readonly TimeSpan UsualGrace = TimeSpan.FromSeconds(1);

    // Looked at in between: whoever waits for the whole load must be able to end it.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(100);

    private readonly SocketEvents _events = new();
    private readonly LoadConnection[] _connections;
    // The one that was free longest is next, so that all of them are in use at any rate.
    private readonly Queue<LoadConnection> _free = new();
    private readonly byte[] _buffer = new byte[BufferSize];
    private readonly ClientStyle _style;

    private TimeHistogram _times = new();
    private long _answered;
    private long _failed;
    private string? _firstFailure;

    /// <summary>Connects.</summary>
    /// <param name="server">Whom to ask.</param>
    /// <param name="requests">What each connection asks, all of it, again and again.</param>
    /// <param name="style">How they connect; <see cref="ClientStyle.Kept"/> unless given.</param>
    /// <exception cref="IOException">There is no TLS, or no WebSocket.</exception>
    /// <exception cref="SocketException">Nobody is there.</exception>
    public HttpLoad(IPEndPoint server, IReadOnlyList<byte[]> requests, ClientStyle? style = null)
    {
        _style = style ?? ClientStyle.Kept;
        _connections = [.. requests.Select((request, key) => new LoadConnection(server, request, key, _style))];
        Array.ForEach(_connections, Connect);
    }

    /// <summary>Whether it is installed.</summary>
    public static bool CanSpeakTls => TlsSession.IsAvailable;

    public LoadResult Saturate(TimeSpan length, CancellationToken cancellation) => Run(Pace.Saturating, length, cancellation);

    /// <summary>Runs a load.</summary>
    /// <param name="pace">When requests are due.</param>
    /// <param name="length">How long requests are due.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <param name="grace">How long answers may be outstanding after that; a second unless given.</param>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public LoadResult Run(Pace pace, TimeSpan length, CancellationToken cancellation, TimeSpan? grace = null)
    {
        ArgumentNullException.ThrowIfNull(pace);
        SocketEvents.WakeThisThreadInTime();
        (_times, _answered, _failed, _firstFailure) = (new TimeHistogram(), 0, 0, null);
        _free.Clear();
        Array.ForEach(_connections, _free.Enqueue);
        var began = Now();
        var end = began + Ticks(length);
        var last = end + Ticks(grace ?? UsualGrace);
        var (all, sent) = (pace.DueWithin(end - began), 0L);
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var now = Now();
            sent = SendWhatIsDue(pace, began, now, end, all, sent);
            var nothingLeft = pace.IsFixed ? sent == all : now >= end;
            if (nothingLeft && _free.Count == _connections.Length || now >= last)
                break;
            Serve(_events.Wait(UntilNext(pace, began, now, sent, all)));
        }

        var elapsed = TimeProvider.System.GetElapsedTime(began);
        return new LoadResult(_answered, _failed, GiveUp(pace, began, sent, all), elapsed, _times, _firstFailure);
    }

    public void Dispose()
    {
        Array.ForEach(_connections, static connection => connection.Dispose());
        _events.Dispose();
    }

    private long SendWhatIsDue(Pace pace, long began, long now, long end, long all, long sent)
    {
        while (_free.Count > 0)
        {
            var due = pace.IsFixed ? began + pace.DueAt(sent) : now;
            if (pace.IsFixed ? sent == all || due > now : now >= end)
                break;
            var connection = _free.Dequeue();
            connection.Ask(due);
            WatchForRoom(connection);
            sent++;
        }

        return sent;
    }

    /// <summary>Until a request is due that a connection is free for.</summary>
    private TimeSpan UntilNext(Pace pace, long began, long now, long sent, long all)
    {
        if (!pace.IsFixed || _free.Count == 0 || sent == all)
            return LongestWait;
        var wait = TimeProvider.System.GetElapsedTime(now, began + pace.DueAt(sent));
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait < LongestWait ? wait : LongestWait;
    }

    private void Serve(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var connection = _connections[_events.Key(i)];
            if (!connection.IsAsking)
                ReadNothing(connection);
            else if (!connection.HasMore)
                Read(connection);
            else
                SendRest(connection);
        }
    }

    private void SendRest(LoadConnection connection)
    {
        connection.SendRest();
        WatchForRoom(connection);
    }

    private void WatchForRoom(LoadConnection connection)
    {
        if (connection.WaitsForRoom == connection.IsWatchedForRoom)
            return;
        connection.IsWatchedForRoom = connection.WaitsForRoom;
        _events.Watch(connection.Socket, connection.Key, connection.WaitsForRoom);
    }

    // Servers may close while nothing is asked. With TLS something may come that is no answer: tickets for sessions that nobody resumes.
    private void ReadNothing(LoadConnection connection)
    {
        if (connection.Receive(_buffer, out _) >= 0)
            Connect(connection);
    }

    private void Read(LoadConnection connection)
    {
        var count = connection.Receive(_buffer, out var failure);
        if (count < 0)
            return;
        if (count == 0)
        {
            Fail($"The connection broke before the answer: {failure ?? "Success"}.");
            Connect(connection);
            _free.Enqueue(connection);
            return;
        }

        ReadOnlySpan<byte> bytes = _buffer.AsSpan(0, count);
        if (!connection.Answer.Read(ref bytes))
            return;
        if (!bytes.IsEmpty)
            throw new FormatException($"{bytes.Length} bytes came after an answer.");
        Answered(connection);
    }

    private void Answered(LoadConnection connection)
    {
        _times.Add(TimeProvider.System.GetElapsedTime(connection.Due).TotalMilliseconds);
        if (connection.Answer.IsGood)
            _answered++;
        else
            Fail(connection.Answer.FirstLine);
        connection.IsAsking = false;
        if (_style.Anew || connection.Answer.Closes)
            Connect(connection);
        _free.Enqueue(connection);
    }

    private void Fail(string how)
    {
        _failed++;
        _firstFailure ??= how;
    }

    private void Connect(LoadConnection connection)
    {
        connection.Connect();
        _events.Watch(connection.Socket, connection.Key);
    }

    /// <summary>Charges requests that got no answer with the time that they have waited, and gives up their connections.</summary>
    private long GiveUp(Pace pace, long began, long sent, long all)
    {
        var unanswered = 0L;
        for (var number = sent; number < all; number++, unanswered++)
            _times.Add(TimeProvider.System.GetElapsedTime(began + pace.DueAt(number)).TotalMilliseconds);
        foreach (var connection in _connections.Where(static connection => connection.IsAsking))
        {
            _times.Add(TimeProvider.System.GetElapsedTime(connection.Due).TotalMilliseconds);
            unanswered++;
            Connect(connection);
        }

        return unanswered;
    }

    private static long Now() => TimeProvider.System.GetTimestamp();

    private static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * TimeProvider.System.TimestampFrequency);
}
