using System.Net.Security;

namespace OrleansLb.Grains.Tests.Tls;

/// <summary>Beside no other test, whose memory would be counted too.</summary>
[CollectionDefinition(nameof(LongMessageMemoryTests), DisableParallelization = true)]
[Collection(nameof(LongMessageMemoryTests))]
public sealed class LongMessageMemoryTests
{
    private const int LongestHeader = 64 * 1024;
    private const int Announced = 400 * 1024 * 1024;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Gateway_ManyThatAnnounceALongMessageAndSendIt_KeepsNoMemoryForThem()
    {
        const int Sent = 256 * 1024;
        const int Connections = 400;
        await using var silo = await SecuredSilo.Start();
        // Pools of buffers have what they need from then on.
        await Send(silo, Connections, Sent);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        await Send(silo, Connections, Sent);

        // What was announced is 160 GB, and what was sent is ten times this.
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, Connections * (long)Sent / 10);
    }

    private static async Task Send(SecuredSilo silo, int connections, int bytes)
    {
        var (client, frontend) = (await ClientWords.Hear(silo), silo.Authority.Client(SecuredSilo.FrontendName));
        byte[] message = [.. LongMessageTests.Lengths(LongestHeader, Announced), .. new byte[bytes]];
        var held = new List<SslStream>();
        for (var each = 0; each < connections; each++)
        {
            var stream = await ClientWords.Introduce(silo, silo.Gateway, frontend, client.Introduction);
            held.Add(stream);
            await ClientWords.ReadIntroduction(stream);
            try
            {
                await stream.WriteAsync(message, Cancellation);
            }
            catch (IOException)
            {
                // It has ended already, as it should.
            }
        }

        foreach (var stream in held)
        {
            await ClientWords.Ends(stream, Soon);
            await stream.DisposeAsync();
        }
    }
}
