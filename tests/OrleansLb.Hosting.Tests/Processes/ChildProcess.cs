using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using System.Threading.Channels;

namespace OrleansLb.Hosting.Tests.Processes;

/// <summary>A run of the test process.</summary>
internal sealed partial class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Task<string> _error;
    private readonly Task _output;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly List<string> _seen = [];

    private ChildProcess(Process process)
    {
        _process = process;
        _error = process.StandardError.ReadToEndAsync();
        _output = ReadAsync();
    }

    public static ChildProcess Start(IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string?>>? environment = null, string? directory = null)
    {
        // Children of a background job ignore SIGINT and SIGQUIT unless told otherwise.
        var start = new ProcessStartInfo("env", ["--default-signal=INT,QUIT,HUP", Path.Combine(AppContext.BaseDirectory, "OrleansLb.Hosting.TestProcess"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = directory ?? AppContext.BaseDirectory,
        };
        foreach (var (name, value) in environment ?? [])
            start.Environment[name] = value;

        return new ChildProcess(Process.Start(start)!);
    }

    /// <summary>Starts on free ports and waits until the process is ready.</summary>
    public static Task<RunningProcess> StartReadyAsync(params string[] arguments) => StartReadyAsync(new HttpClient(), arguments);

    /// <summary>The same of a process whose status server wants a token.</summary>
    public static Task<RunningProcess> StartGuardedAsync(string token, params string[] arguments) =>
        StartReadyAsync(new HttpClient { DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) } }, arguments);

    private static async Task<RunningProcess> StartReadyAsync(HttpClient status, string[] arguments)
    {
        var child = Start(["--OrleansLb:Status:Url=http://127.0.0.1:0", .. arguments]);
        var line = await child.WaitForLineAsync(StatusLine());
        // One that listens on all addresses is reached by loopback.
        status.BaseAddress = new UriBuilder(StatusLine().Match(line).Groups["url"].Value) { Host = "127.0.0.1" }.Uri;
        await RunningProcess.WaitForReadyAsync(status);
        var url = await status.GetStringAsync("/test/url", TestContext.Current.CancellationToken);
        return new RunningProcess(child, status, new HttpClient { BaseAddress = new Uri(url) });
    }

    public async Task<string> WaitForLineAsync(Regex pattern)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await foreach (var line in _lines.Reader.ReadAllAsync(patience.Token))
            {
                _seen.Add(line);
                if (pattern.IsMatch(line))
                    return line;
            }
        }
        catch (OperationCanceledException)
        {
            // Reported below with what was seen instead.
        }

        var error = _process.HasExited ? await _error : "";
        throw new InvalidOperationException($"No line matched {pattern}; seen: {string.Join('\n', _seen)}\n{error}");
    }

    public async Task SignalAsync(string name)
    {
        using var kill = Process.Start("kill", ["-s", name, _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, kill.ExitCode);
    }

    public async Task<ProcessOutcome> WaitForExitAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(patience.Token);
        await _output;
        while (_lines.Reader.TryRead(out var line))
            _seen.Add(line);

        return new ProcessOutcome(_process.ExitCode, string.Join('\n', _seen), await _error);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
            _lines.Writer.TryWrite(line);

        _lines.Writer.Complete();
    }

    [GeneratedRegex(@"Status, health and metrics on (?<url>http://[\w.:]+\d)\.")]
    private static partial Regex StatusLine();
}
