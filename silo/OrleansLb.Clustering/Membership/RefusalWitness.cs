using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansLb.Clustering.Connections;
using OrleansLb.Core;

namespace OrleansLb.Clustering.Membership;

/// <summary>
/// Declares a silo dead whose machine refuses connections to it: the kernel of that machine knows, which silence and missed probes only suggest, that the process is gone. It takes as long
/// when several silos die at once, where Orleans waits until their signs of life are old.
/// </summary>
internal sealed partial class RefusalWitness(
    RefusedConnections refused,
    IClusterMembershipService membership,
    [FromKeyedServices(Clocks.Key)] TimeProvider clock,
    ILogger<RefusalWitness> logger) : BackgroundService
{
    /// <summary>A listener that is only replaced, as by a silo that restarts on its port, is back by then or was never that silo's.</summary>
    private const int Confirmations = 2;

    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    private SiloAddress? _said;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var endpoint in refused.ReadAll(stoppingToken))
        {
            if (ActiveAt(endpoint) is not { } silo || !await RefusesAgain(endpoint, stoppingToken) || !silo.Equals(ActiveAt(endpoint)))
                continue;
            // Until the table can be written connections are refused several times a second.
            if (!silo.Equals(_said))
                LogRefused(logger, silo);
            _said = silo;
            await membership.TryKill(silo);
        }
    }

    /// <summary>The silo that should listen there. One that starts or ends in good order says so, and may refuse.</summary>
    private SiloAddress? ActiveAt(IPEndPoint endpoint) => membership.CurrentSnapshot.Members.Values
        .FirstOrDefault(member => member.Status == SiloStatus.Active && member.SiloAddress.Endpoint.Equals(endpoint))?.SiloAddress;

    private async Task<bool> RefusesAgain(IPEndPoint endpoint, CancellationToken cancellationToken)
    {
        for (var i = 0; i < Confirmations; i++)
        {
            await Task.Delay(Between, clock, cancellationToken);
            if (!await Refuses(endpoint, cancellationToken))
                return false;
        }

        return true;
    }

    /// <summary>Silence is no refusal: a network that is cut says nothing, and a machine that is busy answers late.</summary>
    private async Task<bool> Refuses(IPEndPoint endpoint, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            using var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(endpoint, either.Token);
            return false;
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode == SocketError.ConnectionRefused;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
