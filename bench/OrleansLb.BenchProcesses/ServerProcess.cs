using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;

namespace OrleansLb.BenchProcesses;

/// <summary>A server that runs for the length of the benchmark and is ended by its id, with the processes that it started itself.</summary>
public sealed partial class ServerProcess : IDisposable
{
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(5);

    private readonly Process _process;
    private readonly Action<string>? _heard;
    private volatile string _lastOutput = "";
    private volatile string _lastError = "";

    /// <summary>Starts it.</summary>
    /// <param name="name">As tables call it.</param>
    /// <param name="file">The executable: a path, or a name to look for on the path.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">What is added to its environment.</param>
    /// <param name="heard">Told each line that it says, on whatever thread reads it.</param>
    /// <exception cref="BenchException">There is no such executable.</exception>
    public ServerProcess(string name, string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, Action<string>? heard = null)
    {
        (Name, _heard) = (name, heard);
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var (key, value) in environment ?? new Dictionary<string, string>())
            start.Environment[key] = value;
        try
        {
            _process = Process.Start(start) ?? throw new BenchException($"{file} was not started.");
        }
        catch (Win32Exception exception)
        {
            throw new BenchException($"{file} cannot be started: {exception.Message}.", exception);
        }

        // Read, and forgotten here but for the last lines: a full pipe would stop it.
        _process.OutputDataReceived += (_, line) => _lastOutput = Heard(line.Data, _lastOutput);
        _process.ErrorDataReceived += (_, line) => _lastError = Heard(line.Data, _lastError);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Name { get; }

    public int Id => _process.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>Its exit code, once it has ended.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>The last line that it said about an error, or else at all.</summary>
    public string LastWords => _lastError.Length > 0 ? _lastError : _lastOutput;

    /// <summary>Processor time of all threads of it and of its descendants so far.</summary>
    public TimeSpan ProcessorTime => ProcessorTimeIn(ProcessFamily.Everybody());

    /// <summary>The same, as it is in a table of all processes: for several servers at one moment.</summary>
    /// <param name="everybody">The table.</param>
    public TimeSpan ProcessorTimeIn(IReadOnlyList<ProcessStat> everybody) =>
        ProcessFamily.Of(Id, everybody).Aggregate(TimeSpan.Zero, static (sum, member) => sum + member.ProcessorTime);

    /// <summary>Bytes of memory of it and of its descendants, what several of them share counted once.</summary>
    public long Memory => ProcessFamily.Of(Id).Sum(static member => ProcessMemory.Of(member.Id));

    /// <summary>Waits until it answers a question about an address with 200.</summary>
    /// <param name="address">What to ask.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="BenchException">It ended, or does not answer in time.</exception>
    public async Task Answers(Uri address, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(StartLimit);
        using var client = new HttpClient();
        try
        {
            while (!await Answers(client, address, limit.Token))
                await Task.Delay(LookAgainAfter, TimeProvider.System, limit.Token);
        }
        catch (OperationCanceledException exception) when (!cancellation.IsCancellationRequested)
        {
            throw new BenchException($"{Name} did not answer {address} with 200 within {StartLimit.TotalSeconds} s; its last words: {LastWords}", exception);
        }
    }

    /// <summary>Sends it a signal.</summary>
    /// <param name="signal">The signal.</param>
    /// <exception cref="BenchException">It has ended.</exception>
    public void Signal(ServerSignal signal)
    {
        if (_process.HasExited || kill(Id, (int)signal) != 0)
            throw new BenchException($"{Name} has ended and cannot be sent {signal}; its last words: {LastWords}");
    }

    /// <summary>Waits until it has ended and all that it said has been heard.</summary>
    public Task Ended(CancellationToken cancellation) => _process.WaitForExitAsync(cancellation);

    public void Dispose()
    {
        // The number of one that has ended may be somebody else's by now.
        var family = _process.HasExited ? [] : ProcessFamily.Of(Id);
        // Who has workers is asked first: it buries them.
        if (family.Count > 1 && kill(Id, (int)ServerSignal.Terminate) == 0)
            _process.WaitForExit(EndLimit);
        _process.Kill();
        // Workers that have outlived it are nobody's children any more.
        foreach (var orphan in family.Skip(1).IntersectBy(ProcessFamily.Everybody().Select(static process => (process.Id, process.Name)), static process => (process.Id, process.Name)))
            _ = kill(orphan.Id, (int)ServerSignal.Kill);
        _process.WaitForExit();
        _process.Dispose();
    }

    private async Task<bool> Answers(HttpClient client, Uri address, CancellationToken cancellation)
    {
        if (_process.HasExited)
        {
            // Waits for what it said to have been read too.
            await _process.WaitForExitAsync(cancellation);
            throw new BenchException($"{Name} ended with {_process.ExitCode} before it answered: {LastWords}");
        }

        try
        {
            using var answer = await client.GetAsync(address, cancellation);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private string Heard(string? line, string before)
    {
        if (line is not null)
            _heard?.Invoke(line);
        return string.IsNullOrWhiteSpace(line) ? before : line.Trim();
    }

    [LibraryImport("libc")]
    private static partial int kill(int process, int signal);
}
