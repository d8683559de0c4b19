using System.Buffers.Binary;
using System.Diagnostics.Metrics;
using System.Net.Security;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace OrleansLb.Grains.Tests.Tls;

/// <summary>Processes of the cluster that announce messages which are longer than any may be.</summary>
public sealed class LongMessageTests
{
    private const int LongestHeader = 64 * 1024;
    private const int LongestBody = 4 * 1024 * 1024;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("gateway", LongestHeader + 1, 0)]
    [InlineData("gateway", 1, LongestBody + 1)]
    [InlineData("gateway", -1, 0)]
    [InlineData("gateway", 0, 0)]
    [InlineData("gateway", 1, int.MinValue)]
    [InlineData("silo", LongestHeader + 1, 0)]
    [InlineData("silo", 1, LongestBody + 1)]
    [InlineData("silo", 1, int.MaxValue)]
    public async Task Ports_MessageLongerThanAnyMayBe_EndsItsConnectionAndIsCounted_OthersGoOn(string port, int header, int body)
    {
        await using var silo = await SecuredSilo.Start();
        using var rejected = new MetricCollector<long>(silo.Services.GetRequiredService<IMeterFactory>(), "OrleansLb.Frontend.Limits", "orleanslb.rejected");
        var grains = await silo.Connect(silo.Options("frontend", silo.Authority.Client(SecuredSilo.FrontendName), silo.Authority.RootPem));

        await using var stream = await Introduced(silo, port);
        // By what it announces alone: nothing of it is ever sent, and so nothing kept.
        await stream.WriteAsync(Lengths(header, body), Cancellation);
        await ClientWords.Ends(stream, Soon);

        await rejected.WaitForMeasurementsAsync(1, Soon);
        var counted = Assert.Single(rejected.GetMeasurementSnapshot());
        Assert.Equal(("cluster", "cluster.frame"), (counted.Tags["surface"], counted.Tags["reason"]));
        Assert.Equal(1, await grains.GetGrain<ITriedGrain>("one").CallAnother());
    }

    [Fact]
    public async Task Gateway_ConnectionThatEndsInTheMiddleOfAMessage_IsNotCounted()
    {
        await using var silo = await SecuredSilo.Start();
        using var rejected = new MetricCollector<long>(silo.Services.GetRequiredService<IMeterFactory>(), "OrleansLb.Frontend.Limits", "orleanslb.rejected");
        await using (var stream = await Introduced(silo, "gateway"))
            await stream.WriteAsync(Lengths(LongestHeader, LongestBody), Cancellation);

        await using (var stream = await Introduced(silo, "gateway"))
        {
            await stream.WriteAsync(Lengths(LongestHeader, LongestBody + 1), Cancellation);
            await ClientWords.Ends(stream, Soon);
        }

        await rejected.WaitForMeasurementsAsync(1, Soon);
        Assert.Single(rejected.GetMeasurementSnapshot());
    }

    /// <summary>The beginning of a message.</summary>
    internal static byte[] Lengths(int header, int body)
    {
        var lengths = new byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(lengths, header);
        BinaryPrimitives.WriteInt32LittleEndian(lengths.AsSpan(4), body);
        return lengths;
    }

    /// <summary>A connection of which the silo knows whose it is.</summary>
    private static async Task<SslStream> Introduced(SecuredSilo silo, string port)
    {
        var client = await ClientWords.Hear(silo);
        var atGateway = await ClientWords.Introduce(silo, silo.Gateway, silo.Authority.Client(SecuredSilo.FrontendName), client.Introduction);
        var ofSilo = await ClientWords.ReadIntroduction(atGateway);
        if (port == "gateway")
            return atGateway;
        await atGateway.DisposeAsync();
        // Only silos come in at the other one; what this silo says of itself will do.
        var atSilo = await ClientWords.Introduce(silo, silo.SiloPort, silo.Authority.Peer(SecuredSilo.Name), ofSilo);
        await ClientWords.ReadIntroduction(atSilo);
        return atSilo;
    }
}
