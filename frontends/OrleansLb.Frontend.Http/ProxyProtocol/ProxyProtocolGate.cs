using System.Buffers;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using OrleansLb.Configuration;
using OrleansLb.Core.ProxyProtocol;
using OrleansLb.Frontend.Http.Limits;

namespace OrleansLb.Frontend.Http.ProxyProtocol;

/// <summary>
/// Reads who the client is from what a proxy says before anything else. From the networks of proxies every connection has to begin so, and from nowhere else may one: whoever may choose would choose who he is.
/// </summary>
internal sealed class ProxyProtocolGate(IReadOnlyList<IPNetwork> networks, RejectionMetrics metrics, TimeProvider clock)
{
    private const string NoHeader = "proxy.header";
    private const string NoTime = "proxy.timeout";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>The gate for some networks; <see langword="null"/> when there are none, so that no connection pays for the question.</summary>
    public static ProxyProtocolGate? Of(IEnumerable<string> proxies, RejectionMetrics metrics, TimeProvider clock)
    {
        IPNetwork[] networks = [.. proxies.Where(static proxy => NetworkText.TryParse(proxy, out _)).Select(static proxy => NetworkText.TryParse(proxy, out var network) ? network : default)];
        return networks.Length == 0 ? null : new ProxyProtocolGate(networks, metrics, clock);
    }

    /// <summary>Has a listener's connections go through it; before TLS.</summary>
    public void ApplyTo(ListenOptions listener) => listener.Use(next => connection => IsProxy(connection.RemoteEndPoint) ? Read(connection, next) : next(connection));

    private bool IsProxy(EndPoint? remote)
    {
        if (remote is not IPEndPoint { Address: var address })
            return false;
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return networks.Any(network => network.Contains(plain));
    }

    private async Task Read(ConnectionContext connection, ConnectionDelegate next)
    {
        try
        {
            using var limit = new CancellationTokenSource(Limit, clock);
            if (!await TryRead(connection, limit.Token))
            {
                Refuse(connection, NoHeader, "It does not begin with a header of the PROXY protocol.");
                return;
            }
        }
        catch (OperationCanceledException)
        {
            Refuse(connection, NoTime, "The header of the PROXY protocol did not come in time.");
            return;
        }
        catch (IOException)
        {
            // Broken off, which is how some proxies look whether somebody listens.
            return;
        }

        await next(connection);
    }

    private static async Task<bool> TryRead(ConnectionContext connection, CancellationToken cancellation)
    {
        var input = connection.Transport.Input;
        while (true)
        {
            var result = await input.ReadAsync(cancellation);
            var step = ProxyHeader.Read(Beginning(result.Buffer), out var header);
            if (step == ProxyHeaderStep.Complete)
            {
                connection.RemoteEndPoint = header.Source ?? connection.RemoteEndPoint;
                input.AdvanceTo(result.Buffer.GetPosition(header.Length));
                return true;
            }

            input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            if (step == ProxyHeaderStep.Refused || result.IsCompleted)
                return false;
        }
    }

    private static ReadOnlySpan<byte> Beginning(in ReadOnlySequence<byte> buffer) =>
        buffer.IsSingleSegment ? buffer.FirstSpan : buffer.Slice(0, Math.Min(buffer.Length, ProxyHeader.Longest)).ToArray();

    private void Refuse(ConnectionContext connection, string reason, string text)
    {
        metrics.ConnectionRejected(connection, reason);
        connection.Abort(new ConnectionAbortedException(text));
    }
}
