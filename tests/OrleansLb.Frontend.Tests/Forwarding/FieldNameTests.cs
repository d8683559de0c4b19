using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace OrleansLb.Frontend.Tests.Forwarding;

/// <summary>
/// HTTP/2 puts anything into the name of a field, and the server takes it. Written into a head of HTTP/1.1 it would be another field, a fold of the one before, or a word about the client that is
/// ours alone to say.
/// </summary>
public sealed class FieldNameTests
{
    private const string Empty = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> NamesThatTheServerTakes =>
    [
        " ",
        " a",
        "a ",
        "a b",
        "\ta",
        "x-forwarded-for:10.0.0.1,",
        "content-length:5",
        "transfer-encoding:chunked",
        "host:y",
        "a\r\nb",
        "a\"",
        "a(b)",
        "a/b",
        "a\u007f",
    ];

    [Theory]
    [MemberData(nameof(NamesThatTheServerTakes))]
    public async Task Field_WhoseNameIsNone_IsRefusedByEitherBeforeABackendIsDialled(string name)
    {
        foreach (var forwarder in (string[])["Direct", "Yarp"])
        {
            await using var backend = new ScriptedBackend();
            await using var frontend = await FrontendHost.Start(new ErrorLog().Of(forwarder), backend.Alone);
            using var rejected = new MetricCollector<long>(frontend.Services.GetRequiredService<IMeterFactory>(), "OrleansLb.Frontend.Limits", "orleanslb.rejected");
            using var client = await RawConnection.Open(frontend.Http2, Cancellation);
            var dialled = backend.Next();

            await client.Send(Http2Frames.Beginning + Http2Frames.Request("GET", isLast: true, ("x-before", "1"), (name, "injected"), ("x-after", "2")), Cancellation);

            await rejected.WaitForMeasurementsAsync(1, Cancellation);
            Assert.Equal("field.name", rejected.LastMeasurement!.Tags["reason"]);
            Assert.False(dialled.IsCompleted);
        }
    }

    [Fact]
    public async Task Field_WithEveryCharacterOfANameAllowed_IsPassedOnByEither()
    {
        const string Name = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz";
        var direct = await Sent("Direct", Http2Frames.Request("GET", isLast: true, (Name, "kept")));
        Assert.Contains($"{Name}: kept", direct, StringComparison.Ordinal);
        Assert.Equal(await Sent("Yarp", Http2Frames.Request("GET", isLast: true, (Name, "kept"))), direct);
    }

    [Theory]
    [MemberData(nameof(NamesThatTheServerTakes))]
    public async Task Trailer_WhoseNameIsNone_IsDropped(string name)
    {
        var frames = Http2Frames.Request("POST", isLast: false) + Http2Frames.Body("a") + Http2Frames.Trailers((name, "injected"), ("x-sum", "97"));
        Assert.Equal("1\r\na\r\n0\r\nx-sum: 97\r\n\r\n", await Body(frames));
    }

    [Theory]
    [InlineData("\xC3\xA9")]
    [InlineData("a\xC3\xA9\r\nY: b")]
    public async Task Trailer_ThatCannotBeWritten_IsDroppedAndTheRequestGoesOn(string value)
    {
        var errors = new ErrorLog();
        await using var backend = new ScriptedBackend();
        await using var frontend = await FrontendHost.Start(errors.Of("Direct"), backend.Alone);
        using var counters = new ForwardingCounters(frontend);
        using var client = await RawConnection.Open(frontend.Http1, Cancellation);
        await client.Send($"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: {value}\r\nX-Sum: 0\r\n\r\n", Cancellation);
        var connection = await backend.Next();
        await connection.ReadHead();
        var trailers = await connection.ReadTo("\r\n\r\n");
        Assert.Contains("\nX-Sum: 0\r\n", trailers, StringComparison.Ordinal);
        Assert.DoesNotContain("\nX: ", trailers, StringComparison.Ordinal);
        await connection.Send(Empty);
        Assert.StartsWith("HTTP/1.1 200 ", await client.ReadTo("\r\n\r\n", Cancellation), StringComparison.Ordinal);
        await counters.Settle(1, 1);
        Assert.Equal(0, errors.Count);
    }

    /// <summary>The head that the backend gets, in an order of its own.</summary>
    private static async Task<string> Sent(string forwarder, string frames)
    {
        await using var backend = new ScriptedBackend();
        await using var frontend = await FrontendHost.Start(Allowing(forwarder), backend.Alone);
        using var client = await RawConnection.Open(frontend.Http2, Cancellation);
        await client.Send(Http2Frames.Beginning + frames, Cancellation);
        var lines = (await (await backend.Next()).Answer(Empty)).TrimEnd().Split("\r\n");
        return string.Join('\n', lines.Where(static line => !line.StartsWith("traceparent: ", StringComparison.Ordinal) && !line.StartsWith("Host: ", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    private static async Task<string> Body(string frames)
    {
        await using var backend = new ScriptedBackend();
        await using var frontend = await FrontendHost.Start(new FrontendHostOptions(), backend.Alone);
        using var client = await RawConnection.Open(frontend.Http2, Cancellation);
        await client.Send(Http2Frames.Beginning + frames, Cancellation);
        var connection = await backend.Next();
        await connection.ReadHead();
        var body = await connection.ReadTo("0\r\n") + await connection.ReadTo("\r\n\r\n");
        await connection.Send(Empty);
        return body;
    }

    private static FrontendHostOptions Allowing(string forwarder)
    {
        var options = new ErrorLog().Of(forwarder);
        options.Settings["OrleansLb:Frontend:UnderscoresInFieldNames"] = "Allow";
        return options;
    }
}
