using System.Diagnostics;
using System.Text;

namespace OrleansLb.Process.Tests.Processes;

/// <summary>One running executable: its output is kept for the failure message, and it ends with the test that started it.</summary>
internal class ProductProcess : IAsyncDisposable
{
    private readonly StringBuilder _output = new();
    private readonly System.Diagnostics.Process _process;

    public ProductProcess(string name, string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? workingDirectory = null)
    {
        Name = name;
        var start = new ProcessStartInfo(file)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = workingDirectory ?? Path.GetTempPath(),
        };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        foreach (var (key, value) in environment ?? new Dictionary<string, string>())
            start.Environment[key] = value;

        _process = new System.Diagnostics.Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Append(line.Data);
        _process.ErrorDataReceived += (_, line) => Append(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Starts it at a place, whose settings win.</summary>
    protected ProductProcess(string name, ProcessPlace place, string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
        : this(name, place.FileFor(file), place.ArgumentsFor(file, arguments), new Dictionary<string, string>([.. environment.Where(setting => !place.Environment.ContainsKey(setting.Key)), .. place.Environment]))
    {
    }

    public string Name { get; }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>Told each line as it comes, on whatever thread reads it.</summary>
    public event Action<string>? Said;

    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    public void Signal(int signal) => PosixSignals.Send(_process.Id, signal);

    /// <summary>Kills without a chance to say goodbye, and waits until the kernel has buried it.</summary>
    public async Task Kill()
    {
        if (!_process.HasExited)
            Signal(PosixSignals.Kill);
        await _process.WaitForExitAsync();
    }

    public async Task<int> WaitForExit(TimeSpan limit)
    {
        using var timeout = new CancellationTokenSource(limit);
        try
        {
            await _process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{Name} had not ended after {limit}. Its output:\n{Output}");
        }

        return _process.ExitCode;
    }

    public virtual async ValueTask DisposeAsync()
    {
        await Kill();
        _process.Dispose();
        GC.SuppressFinalize(this);
    }

    private void Append(string? line)
    {
        if (line is null)
            return;
        lock (_output)
            _output.AppendLine(line);
        Said?.Invoke(line);
    }
}
