using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansLb.Core;
using StackExchange.Redis;

namespace OrleansLb.Clustering.Membership;

/// <summary>
/// Gives the membership back to a Redis that lost it. Orleans itself would go on without its rows for ever: who joins then finds nobody and
/// begins a second cluster, and new front-ends find no gateway.
/// </summary>
internal sealed partial class MembershipKeeper(
    MembershipTable table,
    ILocalSiloDetails silo,
    IClusterMembershipService view,
    [FromKeyedServices(Clocks.Key)] TimeProvider clock,
    ILogger<MembershipKeeper> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly string _own = silo.SiloAddress.ToString();
    private MembershipRows? _remembered;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var connection = await table.Connect();
        while (!stoppingToken.IsCancellationRequested)
        {
            await Look(connection.GetDatabase());
            await Task.Delay(Period, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task Look(IDatabase database)
    {
        try
        {
            await Compare(database, await table.Read(database));
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException or FormatException)
        {
            LogNotSeen(logger, Period, exception.Message);
        }
    }

    private async Task Compare(IDatabase database, MembershipRows seen)
    {
        if (seen.Rows.ContainsKey(_own))
            _remembered = seen;
        else if (_remembered is not null
            && MembershipRows.Missing(_remembered, seen, _own, view.CurrentSnapshot.Version.Value) is { } missing
            && await table.TryAdd(database, seen, missing))
            LogGivenBack(logger, missing.Rows.Count, missing.Version);
    }
}
