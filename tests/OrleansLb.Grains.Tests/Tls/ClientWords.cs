using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansLb.Clustering.Membership;
using OrleansLb.Clustering.Names;
using OrleansLb.Testing.Certificates;

namespace OrleansLb.Grains.Tests.Tls;

/// <summary>What a real client of Orleans says to a gateway, in whatever form.</summary>
/// <param name="Introduction">What it says of itself.</param>
/// <param name="Message">Its first message.</param>
internal sealed record ClientWords(byte[] Introduction, byte[] Message)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Listens to a new client until it has said that much.</summary>
    /// <param name="silo">Who answers it.</param>
    /// <param name="frontendId">Which front-end's it is; an older one does not say.</param>
    /// <param name="shown">By which certificate the silo is asked to answer; one that is for any front-end if none is given.</param>
    public static async Task<ClientWords> Hear(SecuredSilo silo, string? frontendId = null, IssuedCertificate? shown = null)
    {
        using var gateway = new TcpListener(IPAddress.Loopback, 0);
        gateway.Start();
        var cluster = new MembershipOptions();
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddMetrics();
        builder.UseOrleansClient(client =>
        {
            client.UseLocalhostClustering(((IPEndPoint)gateway.LocalEndpoint).Port, cluster.ServiceId, cluster.ClusterId);
            if (frontendId is not null)
                client.UseFrontendName(frontendId);
        });
        using var host = builder.Build();
        using var stop = new CancellationTokenSource();
        var starting = host.StartAsync(stop.Token);
        using var connection = await gateway.AcceptTcpClientAsync(Cancellation);
        var heard = connection.GetStream();
        var introduction = await ReadIntroduction(heard);
        await using (var answered = await Introduce(silo, silo.Gateway, shown ?? silo.Authority.Client(SecuredSilo.FrontendName), introduction))
            await heard.WriteAsync(await ReadIntroduction(answered), Cancellation);
        var message = await ReadMessage(heard);
        await stop.CancelAsync();
        connection.Close();
        await starting.ContinueWith(static _ => { }, Cancellation, TaskContinuationOptions.None, TaskScheduler.Default);
        return new ClientWords(introduction, message);
    }

    /// <summary>Comes in at a port of a silo.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="port">The port.</param>
    /// <param name="shown">The certificate.</param>
    /// <param name="introduction">What is said first.</param>
    public static async Task<SslStream> Introduce(SecuredSilo silo, IPEndPoint port, IssuedCertificate shown, byte[] introduction)
    {
        var stream = await silo.ClientOf(port).Open(SecuredSilo.Name, options => options.ClientCertificateContext = shown.Context, Cancellation);
        await stream.WriteAsync(introduction, Cancellation);
        return stream;
    }

    /// <summary>What the other end says first.</summary>
    public static async Task<byte[]> ReadIntroduction(Stream stream)
    {
        var length = new byte[4];
        await stream.ReadExactlyAsync(length, Cancellation);
        var rest = new byte[BinaryPrimitives.ReadInt32LittleEndian(length)];
        await stream.ReadExactlyAsync(rest, Cancellation);
        return [.. length, .. rest];
    }

    /// <summary>Reads until the other end says no more.</summary>
    public static async Task Ends(Stream stream, TimeSpan within)
    {
        try
        {
            while (await stream.ReadAsync(new byte[256], Cancellation).AsTask().WaitAsync(within, Cancellation) > 0)
            {
                // Whatever Orleans says to who has just come in.
            }
        }
        catch (IOException)
        {
            // Reset is an end, too.
        }
    }

    private static async Task<byte[]> ReadMessage(NetworkStream stream)
    {
        var lengths = new byte[8];
        await stream.ReadExactlyAsync(lengths, Cancellation);
        var rest = new byte[BinaryPrimitives.ReadInt32LittleEndian(lengths) + BinaryPrimitives.ReadInt32LittleEndian(lengths.AsSpan(4))];
        await stream.ReadExactlyAsync(rest, Cancellation);
        return [.. lengths, .. rest];
    }
}
