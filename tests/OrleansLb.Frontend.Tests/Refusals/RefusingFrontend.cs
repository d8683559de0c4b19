using System.Diagnostics.Metrics;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging.Testing;
using OrleansLb.Frontend.Http.Limits;
using OrleansLb.Frontend.Tests.AccessLog;

namespace OrleansLb.Frontend.Tests.Refusals;

/// <summary>A front-end with a backend, and all that it says of whom it refuses: its counter, its log and its access log.</summary>
internal sealed class RefusingFrontend : IAsyncDisposable
{
    private readonly AccessLogFile _access;
    private readonly MetricCollector<long> _counts;

    private RefusingFrontend(Backend backend, AccessLogFile access, FrontendHost host)
    {
        (Backend, _access, Host) = (backend, access, host);
        _counts = new MetricCollector<long>(host.Services.GetRequiredService<IMeterFactory>(), RejectionMetrics.MeterName, "orleanslb.rejected");
    }

    internal Backend Backend { get; }

    internal FrontendHost Host { get; }

    /// <summary>What was counted, in order, each as often as it was.</summary>
    internal string[] Counted => [.. _counts.GetMeasurementSnapshot().SelectMany(static count => Enumerable.Repeat($"{count.Tags["surface"]} {count.Tags["reason"]}", (int)count.Value))];

    /// <summary>Lines of the log about refusals.</summary>
    internal IReadOnlyList<FakeLogRecord> Logged => [.. Host.Services.GetFakeLogCollector().GetSnapshot().Where(static line => line.Id.Name is "RequestRefused" or "ConnectionRefused")];

    internal static async Task<RefusingFrontend> Start(Action<IServiceCollection>? services = null, long? maxBody = null, string forwarder = "Direct")
    {
        var (backend, access) = (await Backend.Start(), new AccessLogFile());
        var settings = access.Settings;
        settings["OrleansLb:Frontend:Forwarder"] = forwarder;
        var options = new FrontendHostOptions
        {
            Settings = settings,
            MaxRequestBodySize = maxBody,
            Services = added =>
            {
                added.AddFakeLogging();
                services?.Invoke(added);
            },
        };
        return new RefusingFrontend(backend, access, await FrontendHost.Start(options, backend));
    }

    /// <summary>Sends bytes, and reads what is answered until the connection ends.</summary>
    internal async Task<string> Send(string bytes)
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var connection = await RawConnection.Open(Host.Http1, cancellation);
        await connection.Send(bytes, cancellation);
        return await connection.ReadToEnd(cancellation).WaitAsync(TimeSpan.FromSeconds(30), cancellation);
    }

    /// <summary>The only line of the access log.</summary>
    internal Task<JsonElement> Line() => _access.Last(Host.Services);

    /// <summary>So many lines of the access log.</summary>
    internal Task<string[]> Lines(int count) => _access.Lines(Host.Services, count);

    public async ValueTask DisposeAsync()
    {
        _counts.Dispose();
        await Host.DisposeAsync();
        await Backend.DisposeAsync();
        _access.Dispose();
    }
}
