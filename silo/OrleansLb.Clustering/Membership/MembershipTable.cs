using System.Globalization;
using Microsoft.Extensions.Options;
using Orleans.Clustering.Redis;
using Orleans.Configuration;
using StackExchange.Redis;

namespace OrleansLb.Clustering.Membership;

/// <summary>Where Orleans keeps the membership in Redis.</summary>
internal sealed class MembershipTable(IOptions<RedisClusteringOptions> redis, IOptions<ClusterOptions> cluster)
{
    private static readonly TimeSpan ReconnectPeriod = TimeSpan.FromMilliseconds(250);

    private readonly RedisKey _key = redis.Value.CreateRedisKey(cluster.Value);

    /// <summary>A connection of its own, which comes back soon after Redis does.</summary>
    public Task<ConnectionMultiplexer> Connect()
    {
        var options = redis.Value.ConfigurationOptions!.Clone();
        options.AbortOnConnectFail = false;
        options.ReconnectRetryPolicy = new LinearRetry((int)ReconnectPeriod.TotalMilliseconds);
        options.HeartbeatInterval = ReconnectPeriod;
        return ConnectionMultiplexer.ConnectAsync(options);
    }

    public async Task<MembershipRows> Read(IDatabase database)
    {
        var fields = await database.HashGetAllAsync(_key);
        return MembershipRows.Of(fields.Select(static field => KeyValuePair.Create(field.Name.ToString(), field.Value.ToString())));
    }

    /// <summary>Adds rows: all or none, because several silos notice at once, and another may join just then.</summary>
    /// <returns>Whether the table was still what it was seen to be.</returns>
    public async Task<bool> TryAdd(IDatabase database, MembershipRows seen, MembershipRows missing)
    {
        var transaction = database.CreateTransaction();
        // A table without rows has no version, or one that says nothing.
        transaction.AddCondition(seen.Version == 0 && seen.Rows.IsEmpty
            ? Condition.HashLengthLessThan(_key, 2)
            : Condition.HashEqual(_key, MembershipRows.VersionField, Text(seen.Version)));
        var written = transaction.HashSetAsync(
            _key, [.. missing.Rows.Select(static row => new HashEntry(row.Key, row.Value)), new HashEntry(MembershipRows.VersionField, Text(missing.Version))]);
        if (!await transaction.ExecuteAsync())
            return false;
        await written;
        return true;
    }

    private static string Text(long version) => version.ToString(CultureInfo.InvariantCulture);
}
