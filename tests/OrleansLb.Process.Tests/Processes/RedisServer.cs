using System.Net.Sockets;
using System.Text;

namespace OrleansLb.Process.Tests.Processes;

/// <summary>A real Redis on a port of its own, with nothing on disk.</summary>
internal sealed class RedisServer : ProductProcess
{
    private readonly string _address;

    // Off loopback it would refuse everybody who gives no password; it listens where only this machine can reach it.
    private RedisServer(int port, string address)
        : base("redis", "redis-server", ["--port", $"{port}", "--bind", address, "--protected-mode", "no", "--save", "", "--appendonly", "no"]) =>
        (Port, _address) = (port, address);

    public int Port { get; }

    public string ConnectionString => $"{_address}:{Port}";

    public static async Task<RedisServer> Start(int? port = null, string address = "127.0.0.1")
    {
        var redis = new RedisServer(port ?? Ports.Next(), address);
        await Eventually.Holds("Redis answers PING", TimeSpan.FromSeconds(30), redis.Answers, () => redis.Output);
        return redis;
    }

    private async Task<bool> Answers()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(_address, Port);
            var stream = client.GetStream();
            await stream.WriteAsync("PING\r\n"u8.ToArray());
            var answer = new byte[7];
            await stream.ReadExactlyAsync(answer);
            return Encoding.ASCII.GetString(answer) == "+PONG\r\n";
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
