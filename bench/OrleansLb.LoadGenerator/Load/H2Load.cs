using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using OrleansLb.Reports;

namespace OrleansLb.LoadGenerator.Load;

/// <summary>
/// HTTP/2 over TLS by h2load, the load generator of nghttp2, as a process on one thread: a client of its own would have to understand whatever a server may say, and nobody would believe it
/// before that one. It speaks what <see cref="HttpLoad"/> does: TLS 1.3 with TLS_AES_128_GCM_SHA256 and X25519, or it has failed.
/// </summary>
public sealed class H2Load : ILoad
{
    /// <summary>The program, and the package that has it.</summary>
    public const string Program = "h2load";

    /// <inheritdoc cref="Program"/>
    public const string Package = "nghttp2-client";

    private const string Cipher = "TLS_AES_128_GCM_SHA256";
    private const string Spoken = $"TLSv1.3, {Cipher}, X25519, h2";

    // It ends by its own clock.
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(20);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orleanslb-h2load-");
    private readonly H2LoadPlan _plan;
    private readonly string[] _arguments;

    /// <summary>Nothing is asked yet.</summary>
    /// <param name="address">What is asked.</param>
    /// <param name="plan">How.</param>
    public H2Load(Uri address, H2LoadPlan plan)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(plan);
        _plan = plan;
        _arguments = [$"--tls13-ciphers={Cipher}", "--groups=X25519", $"--log-file={Times}", "-t", "1", "-c", Text(plan.Connections), "-m", Text(plan.Streams), .. Call(), address.AbsoluteUri];
    }

    private string Times => Path.Combine(_folder.FullName, "times");

    /// <exception cref="IOException">It cannot be started, ends otherwise than it should, or speaks something else with this server.</exception>
    /// <exception cref="FormatException">It says something that is not understood.</exception>
    public LoadResult Saturate(TimeSpan length, CancellationToken cancellation)
    {
        File.Delete(Times);
        var report = H2LoadReport.Parse(Run(length, cancellation));
        if (report.Spoken.Length > 0 && report.Spoken != Spoken)
            throw new IOException($"{Spoken} were to be spoken, and it was {report.Spoken}.");
        var wrong = report.WrongAnswers(_plan);
        var failed = report.Failed + wrong;
        return new LoadResult(report.Answered - wrong, failed, Unanswered: 0, report.Elapsed, ReadTimes(), failed == 0 ? null : $"{wrong} answers without {_plan.Bytes} bytes; {report.Counts}");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string Run(TimeSpan length, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(Program, [.. _arguments, "-D", $"{Text((int)length.TotalMilliseconds)}ms"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using var process = Process.Start(start)!;
            using var end = cancellation.Register(process.Kill);
            var (said, complained) = (new StringBuilder(), new StringBuilder());
            process.OutputDataReceived += (_, line) => said.Append(line.Data).Append('\n');
            process.ErrorDataReceived += (_, line) => complained.Append(line.Data).Append(' ');
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            if (!process.WaitForExit(length + EndLimit))
                process.Kill();
            // Until all that it said has been read.
            process.WaitForExit();
            cancellation.ThrowIfCancellationRequested();
            return process.ExitCode == 0 ? said.ToString() : throw new IOException($"{Program} ended with {process.ExitCode}: {complained.ToString().Trim()}");
        }
        catch (Win32Exception exception)
        {
            throw new IOException($"{Program} cannot be started: {exception.Message}.", exception);
        }
    }

    private string[] Call()
    {
        if (_plan.Call is null)
            return [];
        var body = Path.Combine(_folder.FullName, "call");
        File.WriteAllBytes(body, _plan.Call);
        return ["-d", body, "-H", "content-type: application/grpc", "-H", "te: trailers"];
    }

    /// <summary>A line for each answer: when it was asked for, its status, and microseconds to its end.</summary>
    private TimeHistogram ReadTimes()
    {
        var times = new TimeHistogram();
        foreach (var line in File.Exists(Times) ? File.ReadLines(Times) : [])
            times.Add(long.Parse(line.Split('\t')[2], CultureInfo.InvariantCulture) / 1e3);
        return times;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
