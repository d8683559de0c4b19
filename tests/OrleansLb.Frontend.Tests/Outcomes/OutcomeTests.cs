using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Core.Balancing.Exchange;
using OrleansLb.Frontend.Pools;
using OrleansLb.Frontend.Tests.Limits;
using OrleansLb.Frontend.Tests.LoadBalancing;
using OrleansLb.Testing.Backends;

namespace OrleansLb.Frontend.Tests.Outcomes;

/// <summary>What counts for or against a backend, through the real pipeline.</summary>
public sealed class OutcomeTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(BackendMode.Good, 0, 0)]
    [InlineData(BackendMode.Erring, 0, 3)]
    [InlineData(BackendMode.Unavailable, 3, 3)]
    public async Task Request_Answered_CountsByItsStatus(BackendMode mode, int gatewayFailures, int serverErrors)
    {
        await using var backend = await SwitchableBackend.Start("a");
        backend.Mode = mode;
        await using var frontend = await Start(backend.Address);
        using var client = new HttpClient { BaseAddress = frontend.Http1 };
        for (var i = 0; i < 3; i++)
            (await client.GetAsync("/", Cancellation)).Dispose();

        var outcomes = Outcomes(frontend);
        Assert.Equal(new OutcomeCounters(3, gatewayFailures, serverErrors, TimeSpan.Zero), outcomes.Counters);
        Assert.Equal(gatewayFailures, outcomes.Run);
    }

    [Fact]
    public async Task Request_AnsweredSlowly_IsTimedToTheHeadOfTheAnswerAndCountedThen()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(backend);
        using var client = new HttpClient { BaseAddress = frontend.Http1 };
        using var body = new GatedContent();
        var answer = client.PostAsync("/length", body, Cancellation);
        await Eventually.Is(() => backend.Requests == 1);

        frontend.Clock.Advance(TimeSpan.FromMilliseconds(70));
        body.Open();
        (await answer).Dispose();

        Assert.Equal(TimeSpan.FromMilliseconds(70), Outcomes(frontend).Counters.MeanHeadTime);
    }

    [Fact]
    public async Task Request_AnswerStreamsOn_IsCountedWhenItsHeadArrives()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(backend);
        using var client = new HttpClient { BaseAddress = frontend.Http1 };

        using var stream = await client.GetAsync("/events", HttpCompletionOption.ResponseHeadersRead, Cancellation);

        Assert.Equal(1, Outcomes(frontend).Counters.Answers);
    }

    [Fact]
    public async Task Request_NotConnected_IsAGatewayFailure()
    {
        await using var frontend = await Start("http://127.0.0.1:1/");
        using var client = new HttpClient { BaseAddress = frontend.Http1 };
        (await client.GetAsync("/", Cancellation)).Dispose();
        Assert.Equal(new OutcomeCounters(1, 1, 1, TimeSpan.Zero), Outcomes(frontend).Counters);
    }

    [Fact]
    public async Task Request_ConnectionEndsBeforeTheAnswer_IsAGatewayFailure()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var frontend = await Start($"http://{listener.LocalEndpoint}/");
        using var client = new HttpClient { BaseAddress = frontend.Http1 };
        var answer = client.GetAsync("/", Cancellation);
        using (var socket = await listener.AcceptSocketAsync(Cancellation))
        {
            await socket.ReceiveAsync(new byte[4096], Cancellation);
            listener.Stop();
        }

        Assert.Equal(HttpStatusCode.BadGateway, (await answer).StatusCode);
        Assert.InRange(Outcomes(frontend).Counters.GatewayFailures, 1, 2);
        Assert.Equal(0, Outcomes(frontend).Counters.Reached);
    }

    [Fact]
    public async Task Request_AnswerBreaksOff_IsAFailureBesidesTheAnswer()
    {
        await using var backend = new ResettingBackend();
        await using var frontend = await Start(backend.Address);
        using var client = new HttpClient { BaseAddress = frontend.Http1 };

        using var answer = await client.GetAsync("/", HttpCompletionOption.ResponseHeadersRead, Cancellation);
        backend.HeadWasSeen();

        await Assert.ThrowsAnyAsync<Exception>(() => answer.Content.ReadAsByteArrayAsync(Cancellation));
        await Eventually.Is(() => Outcomes(frontend).Counters.Answers == 2);
        Assert.Equal((2, 1, 1), (Outcomes(frontend).Counters.Answers, Outcomes(frontend).Counters.GatewayFailures, Outcomes(frontend).Run));
    }

    [Fact]
    public async Task Request_ClientLeavesBeforeTheAnswer_CountsForNothing()
    {
        await using var backend = await SwitchableBackend.Start("a");
        backend.Mode = BackendMode.Hanging;
        await using var frontend = await Start(backend.Address);
        using var client = new HttpClient { BaseAddress = frontend.Http1 };
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var answer = client.GetAsync("/", leave.Token);
        await Eventually.Is(() => backend.Requests == 1);

        await leave.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
        await Eventually.Is(() => Slot(frontend).Requests == 0);
        Assert.Equal(default, Outcomes(frontend).Counters);
    }

    [Fact]
    public async Task Request_ClientLeavesDuringTheAnswer_IsTheAnswerAlone()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(backend);
        using (var client = new HttpClient { BaseAddress = frontend.Http1 })
        {
            using var stream = await client.GetAsync("/events", HttpCompletionOption.ResponseHeadersRead, Cancellation);
        }

        await Eventually.Is(() => Slot(frontend) is { Requests: 0, Connections: 0 });
        Assert.Equal((1, 0), (Outcomes(frontend).Counters.Answers, Outcomes(frontend).Counters.GatewayFailures));
    }

    [Fact]
    public async Task Request_GoesToAnotherBackend_CountsAtBoth()
    {
        await using var backend = await Backend.Start("live");
        await using var frontend = await FrontendHost.Start(
            new FrontendHostOptions { Policy = "FirstAlphabetical" },
            new Dictionary<string, string> { ["dead"] = "http://127.0.0.1:1/", ["live"] = backend.Address });
        using var client = new HttpClient { BaseAddress = frontend.Http1 };

        Assert.Equal("live", await client.GetStringAsync("/id", Cancellation));

        var slots = Pool(frontend).Slots;
        Assert.Equal((1, 1), (slots[0].Outcomes.Counters.GatewayFailures, slots[0].Outcomes.Run));
        Assert.Equal(new OutcomeCounters(1, 0, 0, TimeSpan.Zero), slots[1].Outcomes.Counters);
    }

    private static Task<FrontendHost> Start(string address) =>
        FrontendHost.Start(new FrontendHostOptions(), new Dictionary<string, string> { ["a"] = address });

    private static FrontendPool Pool(FrontendHost frontend) => frontend.Services.GetRequiredService<PoolTable>().Current[FrontendHost.PoolId];

    private static BackendSlot Slot(FrontendHost frontend) => Pool(frontend).Slots.Single();

    private static OutcomeEntry Outcomes(FrontendHost frontend) => Slot(frontend).Outcomes;
}
