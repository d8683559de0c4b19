using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;
using OrleansLb.Frontend.Http.AccessLog;
using OrleansLb.Frontend.Tests.LoadBalancing;
using OrleansLb.Hosting.Lifetime;

namespace OrleansLb.Frontend.Tests.AccessLog;

/// <summary>The file and its troubles, none of which a request notices.</summary>
public sealed class AccessLogWriterTests : IDisposable
{
    private readonly AccessLogFile _log = new();
    private readonly HttpClient _client = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _client.Dispose();
        _log.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task File_IsMovedAwayAsLogrotateDoes_LinesGoOnInANewOneAndNoneIsLost(bool withSignal)
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(new FrontendHostOptions { Settings = _log.Settings }, backend);
        await Ask(frontend, "/id");
        await _log.Lines(frontend.Services, 1);

        File.Move(_log.Path, _log.Path + ".1");
        await Ask(frontend, "/id");
        if (withSignal)
            Assert.Single(frontend.Services.GetServices<IReloadable>()).Reload();
        await _log.Lines(frontend.Services, 1);

        Assert.Single(await File.ReadAllLinesAsync(_log.Path + ".1", Cancellation));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task File_IsRemovedOrCutOff_LinesGoOn(bool isCutOff)
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(new FrontendHostOptions { Settings = _log.Settings }, backend);
        await Ask(frontend, "/id");
        await Ask(frontend, "/id");
        await _log.Lines(frontend.Services, 2);

        if (isCutOff)
            await File.WriteAllTextAsync(_log.Path, "", Cancellation);
        else
            File.Delete(_log.Path);
        // What is written at the moment in which the file goes away goes away with it.
        await Eventually.Is(async () =>
        {
            await Ask(frontend, "/id");
            return _log.Seen(frontend.Services) is [var first, ..] && first.StartsWith('{');
        });
    }

    [Fact]
    public async Task Lines_WaitNoLongerThanConfigured()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(new FrontendHostOptions { Settings = _log.Of(("FlushInterval", "00:00:05")) }, backend);
        await Eventually.Is(() => File.Exists(_log.Path));
        await Ask(frontend, "/id");
        frontend.Clock.Advance(TimeSpan.FromSeconds(4.9));
        Assert.Empty(await File.ReadAllTextAsync(_log.Path, Cancellation));
        frontend.Clock.Advance(TimeSpan.FromSeconds(0.1));
        await Eventually.Is(() => new FileInfo(_log.Path).Length > 0);
    }

    [Fact]
    public async Task Disk_IsFull_RequestsAreServedAndItIsSaidOnce()
    {
        await using var backend = await Backend.Start();
        var options = new FrontendHostOptions
        {
            Settings = _log.Of(("Path", "/dev/full"), ("BufferSize", $"{LineQueue.LeastSize}")),
            Services = static services => services.AddFakeLogging(),
        };
        await using var frontend = await FrontendHost.Start(options, backend);
        using var dropped = new MetricCollector<long>(frontend.Services.GetRequiredService<IMeterFactory>(), AccessLogMetrics.MeterName, "orleanslb.access_log.dropped");
        using var unwritable = new MetricCollector<int>(frontend.Services.GetRequiredService<IMeterFactory>(), AccessLogMetrics.MeterName, "orleanslb.access_log.unwritable");
        await Eventually.Is(async () =>
        {
            await Ask(frontend, "/id");
            frontend.Clock.Advance(TimeSpan.FromMilliseconds(100));
            return dropped.GetMeasurementSnapshot().Count >= 10;
        });

        Assert.All(dropped.GetMeasurementSnapshot(), static measurement => Assert.Equal((1, "overflow"), (measurement.Value, measurement.Tags["reason"])));
        unwritable.RecordObservableInstruments();
        Assert.Equal(1, unwritable.LastMeasurement!.Value);
        var said = Assert.Single(Said(frontend));
        Assert.Equal((3170, "/dev/full: No space left on device"), (said.Id.Id, said.GetStructuredStateValue("Reason")));

        var waiting = (int)(LineQueue.LeastSize / 1000);
        await frontend.Services.GetRequiredService<AccessLogWriter>().StopAsync(Cancellation);
        var lost = Assert.Single(dropped.GetMeasurementSnapshot(), static measurement => (string)measurement.Tags["reason"]! == "end");
        Assert.InRange(lost.Value, waiting, 10 * waiting);
        Assert.Equal([3170, 3172], Said(frontend).Select(static record => record.Id.Id));
    }

    [Fact]
    public async Task Folder_IsMissingAndComes_LinesThatWaitedAreWritten()
    {
        await using var backend = await Backend.Start();
        var folder = _log.Path + ".d";
        var path = Path.Combine(folder, "access.log");
        await using var frontend = await FrontendHost.Start(new FrontendHostOptions { Settings = _log.Of(("Path", path)), Services = static services => services.AddFakeLogging() }, backend);
        for (var i = 0; i < 5; i++)
            await Ask(frontend, "/id");
        await Eventually.Is(() => Said(frontend).Length == 1);

        Directory.CreateDirectory(folder);
        await _log.Lines(frontend.Services, 5, path);
        Assert.Equal([3170, 3171], Said(frontend).Select(static record => record.Id.Id));
    }

    [Fact]
    public async Task Disk_HasRoomAgain_LinesThatWaitedAreWritten()
    {
        await using var backend = await Backend.Start();
        File.CreateSymbolicLink(_log.Path, "/dev/full");
        await using var frontend = await FrontendHost.Start(new FrontendHostOptions { Settings = _log.Settings, Services = static services => services.AddFakeLogging() }, backend);
        for (var i = 0; i < 5; i++)
            await Ask(frontend, "/id");
        await Eventually.Is(() =>
        {
            frontend.Services.GetRequiredService<AccessLogWriter>().Wake();
            return Said(frontend).Length == 1;
        });

        File.Delete(_log.Path);
        await _log.Lines(frontend.Services, 5);
        Assert.Equal([3170, 3171], Said(frontend).Select(static record => record.Id.Id));
    }

    [Fact]
    public async Task Process_Ends_EveryLineIsWritten()
    {
        await using var backend = await Backend.Start();
        await using (var frontend = await FrontendHost.Start(new FrontendHostOptions { Settings = _log.Settings }, backend))
        {
            for (var i = 0; i < 50; i++)
                await Ask(frontend, "/id");
            await frontend.Stop();
        }

        Assert.Equal(50, (await File.ReadAllLinesAsync(_log.Path, Cancellation)).Length);
    }

    [Theory]
    [InlineData("Path", "", "OrleansLb:Frontend:AccessLog:Path: it is empty; leave it out for no access log")]
    [InlineData("Path", "/tmp", "OrleansLb:Frontend:AccessLog:Path: '/tmp' is a folder, not a file")]
    [InlineData("Format", "7", "OrleansLb:Frontend:AccessLog:Format: '7' is neither Json nor Combined")]
    [InlineData("SamplePercent", "100.1", "OrleansLb:Frontend:AccessLog:SamplePercent: 100.1 is not between 0 and 100")]
    [InlineData("SamplePercent", "NaN", "OrleansLb:Frontend:AccessLog:SamplePercent: NaN is not between 0 and 100")]
    [InlineData("BufferSize", "1000", "OrleansLb:Frontend:AccessLog:BufferSize: 1000 is not between 131072 and 1073741824 bytes")]
    [InlineData("FlushInterval", "00:00:00", "OrleansLb:Frontend:AccessLog:FlushInterval: 00:00:00 is not between 00:00:00.0100000 and 00:01:00")]
    public async Task Setting_IsWrong_StopsTheStartByItsKey(string key, string value, string expected)
    {
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => FrontendHost.Start(new FrontendHostOptions { Settings = _log.Of((key, value)) }, []));
        Assert.Equal(expected, failure.Message);
    }

    [Theory]
    [InlineData("Format", "Xml")]
    [InlineData("SamplePercent", "all")]
    public async Task Setting_IsOfAnotherType_StopsTheStartByItsKey(string key, string value)
    {
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => FrontendHost.Start(new FrontendHostOptions { Settings = _log.Of((key, value)) }, []));
        Assert.Contains($"OrleansLb:Frontend:AccessLog:{key}", failure.Message, StringComparison.Ordinal);
    }

    private static FakeLogRecord[] Said(FrontendHost frontend) =>
        [.. frontend.Services.GetFakeLogCollector().GetSnapshot().Where(static record => record.Category == typeof(AccessLogWriter).FullName)];

    private async Task Ask(FrontendHost frontend, string path) => Assert.Equal("a", await _client.GetStringAsync(new Uri(frontend.Http1, path), Cancellation));
}
