using System.Globalization;
using System.Runtime.CompilerServices;
using StackExchange.Redis;

namespace OrleansLb.LimitBench.Contestants;

/// <summary>The same token bucket as a script in Redis, called by its digest over one multiplexed connection: what one would write without OrleansLb.</summary>
internal sealed class RedisLimit : IContestant, IAsyncDisposable
{
    private const string Script = """
        local time = redis.call('TIME')
        local now = time[1] + time[2] / 1000000
        local known = redis.call('HMGET', KEYS[1], 'tokens', 'at')
        local tokens = math.min(tonumber(ARGV[1]), tonumber(known[1] or ARGV[1]) + (now - tonumber(known[2] or now)) * tonumber(ARGV[2]))
        local admitted = tokens >= 1
        if admitted then tokens = tokens - 1 end
        redis.call('HSET', KEYS[1], 'tokens', tostring(tokens), 'at', tostring(now))
        redis.call('PEXPIRE', KEYS[1], ARGV[3])
        return admitted and 1 or 0
        """;

    private const int LifetimeMilliseconds = 60_000;

    private readonly ConnectionMultiplexer _connection;
    private readonly byte[] _digest;
    private readonly RedisKey[][] _keys;
    private readonly RedisValue[] _arguments;

    private RedisLimit(ConnectionMultiplexer connection, byte[] digest, int keys, int burst, int rate)
    {
        (_connection, _digest) = (connection, digest);
        _keys = [.. Enumerable.Range(0, keys).Select(static key => new RedisKey[] { "limit:" + key.ToString(CultureInfo.InvariantCulture) })];
        _arguments = [burst, rate, LifetimeMilliseconds];
    }

    public string Name => "Redis script";

    public static async Task<RedisLimit> Connect(string address, int keys, int burst, int rate)
    {
        var connection = await ConnectionMultiplexer.ConnectAsync(address);
        var digest = await connection.GetServer(address).ScriptLoadAsync(Script);
        return new RedisLimit(connection, digest, keys, burst, rate);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> Decide(int key) => (int)await _connection.GetDatabase().ScriptEvaluateAsync(_digest, _keys[key], _arguments) == 1;

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
