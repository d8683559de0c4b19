using System.Globalization;
using OrleansLb.Frontend.Tests.LoadBalancing;
using Yarp.ReverseProxy.Forwarder;

namespace OrleansLb.Frontend.Tests.Forwarding;

/// <summary>Whatever a client does with the body of its request, no backend is blamed for it: else a client could have healthy backends taken out of service.</summary>
public sealed class ClientFaultTests
{
    private const int Clients = 8;
    private const int RequestsOfEach = 50;
    private const int All = Clients * RequestsOfEach;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Clients_SendBrokenBodies_NoBackendIsBlamed()
    {
        await using var backend = new ScriptedBackend();
        var errors = await Misbehave(backend, static async client =>
        {
            await client.Send("zz\r\n", Cancellation);
            Assert.StartsWith("HTTP/1.1 400 ", await client.ReadToEnd(Cancellation), StringComparison.Ordinal);
        });
        Assert.Equal(0, errors.CountOfBackend);
        Assert.All(errors.Errors, static error => Assert.Equal(ForwarderError.RequestBodyClient, error));
    }

    [Fact]
    public async Task Clients_ResetWithinTheBody_NoBackendIsBlamed()
    {
        await using var backend = new ScriptedBackend();
        var errors = await Misbehave(backend, static client =>
        {
            client.Reset();
            return Task.CompletedTask;
        });
        Assert.Equal(0, errors.CountOfBackend);
    }

    [Fact]
    public async Task Clients_BreakTheBodyWithinTheAnswer_NoBackendIsBlamed()
    {
        await using var backend = new ScriptedBackend();
        var errors = await Misbehave(backend, static async client =>
        {
            await client.ReadTo("hel", Cancellation);
            await client.Send("zz\r\n", Cancellation);
            await client.ReadToEnd(Cancellation);
        }, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel");
        Assert.Equal(0, errors.CountOfBackend);
        Assert.DoesNotContain(ForwarderError.ResponseBodyDestination, errors.Errors);
    }

    /// <summary>Many clients at once, each of which begins a body that a backend waits for.</summary>
    private static async Task<ErrorLog> Misbehave(ScriptedBackend backend, Func<RawConnection, Task> misbehave, string answer = "")
    {
        var errors = new ErrorLog();
        await using var frontend = await FrontendHost.Start(errors.Of("Direct"), backend.Alone);
        var arrivals = Enumerable.Range(0, All).Select(static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).ToArray();
        var serving = Serve(backend, answer, arrivals);
        await Task.WhenAll(arrivals.Chunk(RequestsOfEach).Select((own, i) => Task.Run(() => Upload(frontend, misbehave, i * RequestsOfEach, own), Cancellation)));
        await serving;
        await Eventually.Is(() => errors.Count == All);
        return errors;
    }

    private static async Task Upload(FrontendHost frontend, Func<RawConnection, Task> misbehave, int first, TaskCompletionSource[] arrivals)
    {
        for (var i = 0; i < arrivals.Length; i++)
        {
            using var client = await RawConnection.Open(frontend.Http1, Cancellation);
            await client.Send($"POST /{first + i} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n", Cancellation);
            await arrivals[i].Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
            await misbehave(client);
        }
    }

    private static async Task Serve(ScriptedBackend backend, string answer, TaskCompletionSource[] arrivals)
    {
        for (var i = 0; i < All; i++)
        {
            var connection = await backend.Next();
            var head = await connection.ReadHead();
            await connection.Send(answer);
            arrivals[int.Parse(head.Split('/', ' ')[2], CultureInfo.InvariantCulture)].SetResult();
        }
    }
}
