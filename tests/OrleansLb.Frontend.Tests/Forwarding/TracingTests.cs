using System.Diagnostics;

namespace OrleansLb.Frontend.Tests.Forwarding;

/// <summary>Traces go on at the backend. Whoever listens does so for the whole process, so that these run alone.</summary>
[Collection(nameof(TracingTests))]
[CollectionDefinition(nameof(TracingTests), DisableParallelization = true)]
public sealed class TracingTests
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Listener_OfTheClientsActivities_HasAllLeftToYarp()
    {
        using var listening = Listen("System.Net.Http");
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(backend);
        using var counters = new ForwardingCounters(frontend);
        using var client = new HttpClient { BaseAddress = frontend.Http1 };
        Assert.Equal("a", await client.GetStringAsync("/id", Cancellation));
        Assert.Equal(["tracing"], counters.Fallbacks);
    }

    [Theory]
    [InlineData("Direct")]
    [InlineData("Yarp")]
    public async Task Trace_OfTheClient_GoesOnFromTheServersSpan(string forwarder)
    {
        var span = "";
        using var listening = Listen("Microsoft.AspNetCore", activity => span = activity.SpanId.ToHexString());
        await using var backend = new ScriptedBackend();
        await using var frontend = await FrontendHost.Start(new FrontendHostOptions { Settings = new() { ["OrleansLb:Frontend:Forwarder"] = forwarder } }, backend.Alone);
        using var client = await RawConnection.Open(frontend.Http1, Cancellation);
        await client.Send($"GET / HTTP/1.1\r\nHost: x\r\ntraceparent: 00-{Trace}-b7ad6b7169203331-01\r\ntracestate: a=b\r\n\r\n", Cancellation);
        var head = await (await backend.Next()).ReadHead();

        var lines = head.Split("\r\n");
        var parent = Assert.Single(lines, static line => line.StartsWith("traceparent: ", StringComparison.OrdinalIgnoreCase));
        Assert.StartsWith($"traceparent: 00-{Trace}-", parent, StringComparison.Ordinal);
        Assert.DoesNotContain("b7ad6b7169203331", parent, StringComparison.Ordinal);
        Assert.Single(lines, static line => line == "tracestate: a=b");
        Assert.Contains(span, parent, StringComparison.Ordinal);
    }

    private static ActivityListener Listen(string name, Action<Activity>? started = null)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == name,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStarted = started,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }
}
