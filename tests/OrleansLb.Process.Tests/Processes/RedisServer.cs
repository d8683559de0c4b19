using System.Net.Sockets;
using System.Text;

namespace OrleansLb.Process.Tests.Processes;

/// <summary>A real Redis on a port of its own, with nothing on disk.</summary>
internal sealed class RedisServer : ProductProcess
{
    private RedisServer(int port)
        : base("redis", "redis-server", ["--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]) => Port = port;

    public int Port { get; }

    public string ConnectionString => $"127.0.0.1:{Port}";

    public static async Task<RedisServer> Start(int? port = null)
    {
        var redis = new RedisServer(port ?? Ports.Next());
        await Eventually.Holds("Redis answers PING", TimeSpan.FromSeconds(30), redis.Answers, () => redis.Output);
        return redis;
    }

    private async Task<bool> Answers()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", Port);
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
