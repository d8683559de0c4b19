using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansLb.Core;
using OrleansLb.Hosting.Lifetime;
using OrleansLb.Hosting.Storage;

namespace OrleansLb.Frontend.Http.AccessLog;

/// <summary>
/// Writes the lines that wait: once in a while, and when there are many. The file is opened anew when it is not where it was, as after logrotate, and on SIGHUP. While it cannot be written lines
/// wait for as long as there is room, and go on where they stopped, in the middle of a line if need be.
/// </summary>
internal sealed partial class AccessLogWriter(
    IOptions<AccessLogOptions> options,
    AccessLogMetrics metrics,
    [FromKeyedServices(Clocks.Key)] TimeProvider clock,
    ILogger<AccessLogWriter> logger) : IHostedService, IReloadable, IDisposable
{
    /// <summary>How long the end of the process waits for the disk.</summary>
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(5);

    private readonly LineQueue _lines = new(options.Value.BufferSize);
    private readonly Channel<bool> _wakes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private ITimer? _timer;
    private Task _writing = Task.CompletedTask;
    private AppendFile? _file;
    private LineBlock? _block;
    private volatile bool _isToBeReopened;
    private bool _hasFailed;

    /// <summary>Adds a line; drops and counts it if there is no room.</summary>
    public void Add(ReadOnlySpan<byte> line)
    {
        if (!_lines.TryAdd(line, out var isBlockFull))
            metrics.Overflowed();
        if (isBlockFull)
            Wake();
    }

    /// <summary>Has everything written that waits, soon.</summary>
    public void Wake() => _wakes.Writer.TryWrite(true);

    public void Reload()
    {
        _isToBeReopened = true;
        Wake();
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _timer = clock.CreateTimer(static writer => ((AccessLogWriter)writer!).Wake(), this, options.Value.FlushInterval, options.Value.FlushInterval);
        _writing = Task.Run(Run, CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <summary>After the listeners have stopped, so that every line is there.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _wakes.Writer.TryComplete();
        await _writing.WaitAsync(EndLimit, clock, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_writing.IsCompletedSuccessfully)
            LogFailed(logger, "the disk does not answer");
        else if (LinesLeft() is > 0 and var left)
            CutOff(left);
    }

    public void Dispose()
    {
        _timer?.Dispose();
        _file?.Dispose();
    }

    private async Task Run()
    {
        do
        {
            _wakes.Reader.TryRead(out _);
            Write();
        }
        while (await _wakes.Reader.WaitToReadAsync());

        Write();
    }

    private void Write()
    {
        try
        {
            if (_file is null || _isToBeReopened || _file.HasMoved)
                Reopen();
            while ((_block ??= _lines.Take()) is { } block)
                Write(block);
            if (_hasFailed)
                Recovered();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Failed(exception.Message);
        }
    }

    private void Write(LineBlock block)
    {
        while (!block.Rest.IsEmpty)
            block.Wrote(_file!.Write(block.Rest));
        _block = null;
        _lines.Return(block);
    }

    private void Reopen()
    {
        _isToBeReopened = false;
        _file?.Dispose();
        _file = null;
        _file = options.Value.Path is AccessLogOptions.StandardOutput ? AppendFile.StandardOutput() : AppendFile.Open(options.Value.Path!);
    }

    // What it is may have changed by the next time: it is opened anew.
    private void Failed(string reason)
    {
        _file?.Dispose();
        _file = null;
        if (_hasFailed)
            return;
        _hasFailed = true;
        metrics.Writable(false);
        LogFailed(logger, reason);
    }

    private void Recovered()
    {
        _hasFailed = false;
        metrics.Writable(true);
        LogRecovered(logger);
    }

    private int LinesLeft()
    {
        var left = _block?.LinesLeft ?? 0;
        while (_lines.Take() is { } block)
            left += block.LinesLeft;
        return left;
    }

    private void CutOff(int lines)
    {
        metrics.Unwritten(lines);
        LogCutOff(logger, lines);
    }
}
