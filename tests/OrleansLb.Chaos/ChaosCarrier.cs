using System.Net.Sockets;
using System.Threading.Channels;

namespace OrleansLb.Chaos;

/// <summary>Carries the bytes of one way of one connection, late and slowly as the weather wants it.</summary>
internal sealed class ChaosCarrier(Socket from, Socket to, Func<(ChaosWay Way, Task Changed)> weather, Random random, TimeProvider clock)
{
    private const int LargestChunk = 16 * 1024;

    // What is under way at most: beyond, the sender has to wait, as before a full network.
    private const int MostUnderWay = 64;

    private readonly Channel<(byte[] Bytes, DateTimeOffset Arrives)> _underWay = Channel.CreateBounded<(byte[], DateTimeOffset)>(MostUnderWay);
    private DateTimeOffset _last = DateTimeOffset.MinValue;
    private long _arrived;
    private bool _closed;

    /// <summary>Carries until the sender has closed and everything has arrived.</summary>
    /// <param name="end">Resets the connection; cancelled when this way breaks, because the other one may wait for bytes for ever.</param>
    /// <exception cref="OperationCanceledException">The connection was reset.</exception>
    /// <exception cref="SocketException">One of the parties is gone.</exception>
    public Task Run(CancellationTokenSource end) => Task.WhenAll(OrEnd(Take(end.Token), end), OrEnd(Give(end.Token), end));

    private static async Task OrEnd(Task work, CancellationTokenSource end)
    {
        try
        {
            await work;
        }
        catch
        {
            await end.CancelAsync();
            throw;
        }
    }

    private async Task Take(CancellationToken reset)
    {
        var buffer = new byte[LargestChunk];
        try
        {
            while (await from.ReceiveAsync(buffer, reset) is > 0 and var length)
                await _underWay.Writer.WriteAsync((buffer[..length], Arrival(length)), reset);
            _underWay.Writer.Complete();
        }
        catch (Exception exception)
        {
            _underWay.Writer.Complete(exception);
            throw;
        }
    }

    private DateTimeOffset Arrival(int length)
    {
        var way = weather().Way;
        var arrival = clock.GetUtcNow() + way.Delay + (way.Jitter * random.NextDouble());
        if (arrival < _last)
            arrival = _last;
        if (way.BytesPerSecond is { } rate)
            arrival += TimeSpan.FromSeconds((double)length / rate);
        return _last = arrival;
    }

    private async Task Give(CancellationToken reset)
    {
        await foreach (var (bytes, arrives) in _underWay.Reader.ReadAllAsync(reset))
        {
            if (arrives - clock.GetUtcNow() is var late && late > TimeSpan.Zero)
                await Task.Delay(late, clock, reset);
            await Deliver(bytes, reset);
        }

        if (!_closed)
            to.Shutdown(SocketShutdown.Send);
    }

    private async Task Deliver(byte[] bytes, CancellationToken reset)
    {
        var way = await Passable(reset);
        if (_closed)
            return;
        var end = Math.Min(way.ResetAfter ?? long.MaxValue, way.HalfCloseAfter ?? long.MaxValue);
        var length = (int)Math.Clamp(end - _arrived, 0, bytes.Length);
        for (var sent = 0; sent < length;)
            sent += await to.SendAsync(bytes.AsMemory(sent, length - sent), reset);
        _arrived += length;
        if (_arrived >= way.ResetAfter)
            throw new OperationCanceledException("The weather resets it here.");
        if (_arrived < way.HalfCloseAfter || way.HalfCloseAfter is null)
            return;
        to.Shutdown(SocketShutdown.Send);
        _closed = true;
    }

    private async Task<ChaosWay> Passable(CancellationToken reset)
    {
        while (true)
        {
            var (way, changed) = weather();
            if (!way.IsBlackHole)
                return way;
            await changed.WaitAsync(reset);
        }
    }
}
