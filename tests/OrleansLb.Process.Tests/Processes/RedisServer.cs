using System.Net.Sockets;
using System.Text;

namespace OrleansLb.Process.Tests.Processes;

/// <summary>A real Redis on a port of its own, which saves to its folder only when told to.</summary>
internal sealed class RedisServer : ProductProcess
{
    private readonly string _address;

    // Off loopback it would refuse everybody who gives no password; it listens where only this machine can reach it.
    private RedisServer(int port, string directory, string address)
        : base("redis", "redis-server", ["--port", $"{port}", "--bind", address, "--protected-mode", "no", "--dir", directory, "--save", "", "--appendonly", "no"]) =>
        (Port, _address) = (port, address);

    public int Port { get; }

    public string ConnectionString => $"{_address}:{Port}";

    /// <param name="port">Its port; a free one by default.</param>
    /// <param name="directory">The folder to which it saves and from which it reads; by default one that tests do not use.</param>
    /// <param name="address">Where it listens.</param>
    public static async Task<RedisServer> Start(int? port = null, string? directory = null, string address = "127.0.0.1")
    {
        var redis = new RedisServer(port ?? Ports.Next(), directory ?? Path.GetTempPath(), address);
        await Eventually.Holds("Redis answers PING", TimeSpan.FromSeconds(30), redis.Answers, () => redis.Output);
        return redis;
    }

    /// <summary>Sends a command of one line and returns the first line of the answer.</summary>
    public async Task<string> Ask(string command)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(_address, Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(command + "\r\n"));
        using var reader = new StreamReader(stream, Encoding.ASCII);
        return await reader.ReadLineAsync() ?? throw new IOException($"Redis closed the connection at {command}.");
    }

    private async Task<bool> Answers()
    {
        try
        {
            return await Ask("PING") == "+PONG";
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            return false;
        }
    }
}
