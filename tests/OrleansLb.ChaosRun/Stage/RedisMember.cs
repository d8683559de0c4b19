using System.Globalization;
using System.Net.Sockets;
using System.Text;
using OrleansLb.BenchProcesses;

namespace OrleansLb.ChaosRun.Stage;

/// <summary>The Redis in which silos and front-ends meet.</summary>
internal sealed class RedisMember : IDisposable
{
    private const string DumpFile = "dump.rdb";
    private const string Membership = "orleanslb/members/orleanslb";

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(20);

    private readonly string _folder;

    public RedisMember(string folder, DirectoryInfo logs)
    {
        _folder = folder;
        Process = new Member("redis", logs, (_, heard) => ClusterServers.Redis(Port, folder, heard));
    }

    public Member Process { get; }

    public int Port { get; } = FreePorts.Take(1)[0];

    /// <summary>Writes down what it has.</summary>
    public async Task Save(CancellationToken cancellation)
    {
        if (await Ask("SAVE", cancellation) is var said && said != "+OK")
            throw new BenchException($"Redis did not save: {said}");
    }

    /// <summary>How many silos it has a row of; 0 when it does not answer.</summary>
    public async Task<int> Rows(CancellationToken cancellation)
    {
        try
        {
            var said = await Ask($"HLEN {Membership}", cancellation);
            // One field of the table is its version.
            return said is [':', .. var number] && int.Parse(number, CultureInfo.InvariantCulture) is var fields and > 0 ? fields - 1 : 0;
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            // It is down.
            return 0;
        }
    }

    /// <summary>Removes what it wrote down.</summary>
    public void Forget() => File.Delete(Path.Combine(_folder, DumpFile));

    /// <summary>Waits until it answers.</summary>
    public async Task Answers(CancellationToken cancellation)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await AnswersNow(cancellation))
        {
            if (Process.HasEnded || TimeProvider.System.GetElapsedTime(began) > StartLimit)
                throw new BenchException(Process.HasEnded ? Process.End : $"Redis did not answer within {StartLimit.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s.");
            await Task.Delay(LookAgainAfter, cancellation);
        }
    }

    public void Dispose() => Process.Dispose();

    private async Task<bool> AnswersNow(CancellationToken cancellation)
    {
        try
        {
            return await Ask("PING", cancellation) == "+PONG";
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            return false;
        }
    }

    private async Task<string?> Ask(string command, CancellationToken cancellation)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", Port, cancellation);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(command + "\r\n"), cancellation);
        using var reader = new StreamReader(stream, Encoding.ASCII);
        return await reader.ReadLineAsync(cancellation);
    }
}
