using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using OrleansLb.Frontend.Http.Authentication;
using OrleansLb.Frontend.Tests.LoadBalancing;

namespace OrleansLb.Frontend.Tests.Authentication;

/// <summary>A server of the operator's own says who may come in.</summary>
public sealed class ForwardTests : IAsyncLifetime
{
    private readonly GuardedFrontend _frontend = new();
    private AskedServer _server = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await AskedServer.Start();
        _frontend["Type"] = "Forward";
        _frontend["Address"] = _server.Address + "/check?by=us";
    }

    public async ValueTask DisposeAsync()
    {
        await _frontend.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Question_SaysWhatTheRequestIs_AndNothingThatTheClientMadeUp()
    {
        await _frontend.Start();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_frontend.Host.Http1, "/echo?a=b%20c&d"))
        {
            Content = new StringContent("the body"),
            Headers = { { "Cookie", "session=1" }, { "Authorization", "Bearer x" }, { "X-Forwarded-Uri", "/public" }, { "X-Forwarded-Method", "GET" }, { "X-Forwarded-For", "10.0.0.1" }, { "X-Other", "1" } },
        };
        using var answer = await _frontend.Client.SendAsync(request, Cancellation);

        Assert.Equal("the body", await answer.Content.ReadAsStringAsync(Cancellation));
        var (method, target, fields, body) = Assert.Single(_server.Questions);
        Assert.Equal(("GET", "/check?by=us", ""), (method, target, body));
        fields.Remove("traceparent");
        var host = _frontend.Host.Http1.Authority;
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["Host"] = new Uri(_server.Address).Authority, ["Cookie"] = "session=1", ["Authorization"] = "Bearer x", ["X-Forwarded-Method"] = "POST", ["X-Forwarded-Proto"] = "http",
                ["X-Forwarded-Host"] = host, ["X-Forwarded-Uri"] = "/echo?a=b%20c&d", ["X-Forwarded-For"] = "127.0.0.1",
            },
            fields);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(204)]
    public async Task Answer_OfYes_LetsInWithTheHeadersThatAreNamed_InThePlaceOfTheClients(int status)
    {
        _frontend["AnswerHeaders:0"] = "X-User";
        _frontend["AnswerHeaders:1"] = "X-Roles";
        _frontend["RequestHeaders:0"] = "X-Key";
        _server.Answer = context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers["X-User"] = "anna";
            context.Response.Headers["X-Secret"] = "1";
            return Task.CompletedTask;
        };
        await _frontend.Start();
        (string, string)[] sent = [("X-User", "root"), ("X-Roles", "admin"), ("X-Secret", "mine"), ("X-Key", "k"), ("Cookie", "c=1")];

        Assert.Equal(("anna", "", "mine"), (await Told("X-User", sent), await Told("X-Roles", sent), await Told("X-Secret", sent)));
        Assert.All(_server.Questions, static question => Assert.Equal(("k", false), (question.Fields["X-Key"], question.Fields.ContainsKey("Cookie"))));
        Assert.All(_frontend.Decisions, static decision => Assert.Equal("accepted", decision.Item2));
    }

    [Theory]
    [InlineData(401, "unauthorized")]
    [InlineData(403, "access_denied")]
    [InlineData(302, "unauthorized")]
    [InlineData(429, "unauthorized")]
    public async Task Answer_OfNo_IsTheClients(int status, string end)
    {
        _server.Answer = async context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = "https://login.example.com/?back=x";
            context.Response.Headers.WWWAuthenticate = "Login";
            context.Response.Headers.Append("Set-Cookie", "a=1");
            context.Response.Headers.Append("Set-Cookie", "b=2; HttpOnly");
            context.Response.Headers["X-Secret"] = "1";
            context.Response.ContentType = "text/html; charset=utf-8";
            await context.Response.WriteAsync("<p>no</p>");
        };
        await _frontend.Start();
        using var answer = await _frontend.Get("/id");

        await _frontend.IsRefused(answer, status, "answer", end);
        Assert.Equal(("https://login.example.com/?back=x", "Login"), (answer.Headers.Location!.ToString(), answer.Headers.WwwAuthenticate.ToString()));
        Assert.Equal(["a=1", "b=2; HttpOnly"], answer.Headers.GetValues("Set-Cookie"));
        Assert.False(answer.Headers.Contains("X-Secret"));
        Assert.Equal(("text/html; charset=utf-8", "<p>no</p>"), (answer.Content.Headers.ContentType!.ToString(), await answer.Content.ReadAsStringAsync(Cancellation)));
    }

    [Theory]
    [InlineData(ForwardedRefusal.LongestBody, true, ForwardedRefusal.LongestBody)]
    [InlineData(ForwardedRefusal.LongestBody, false, ForwardedRefusal.LongestBody)]
    [InlineData(ForwardedRefusal.LongestBody + 1, true, 0)]
    [InlineData(ForwardedRefusal.LongestBody + 1, false, 0)]
    public async Task Answer_OfNo_HasItsBodyUnlessThatIsTooLong(int length, bool isAnnounced, int passed)
    {
        _server.Answer = async context =>
        {
            context.Response.StatusCode = 403;
            context.Response.ContentLength = isAnnounced ? length : null;
            await context.Response.Body.WriteAsync(Encoding.ASCII.GetBytes(new string('x', length)));
        };
        await _frontend.Start();
        using var answer = await _frontend.Get("/id");
        Assert.Equal((HttpStatusCode.Forbidden, passed), (answer.StatusCode, (await answer.Content.ReadAsByteArrayAsync(Cancellation)).Length));
        using var head = await _frontend.Send(HttpMethod.Head, "/id");
        Assert.Equal(HttpStatusCode.Forbidden, head.StatusCode);
    }

    [Theory]
    [InlineData(false, HttpStatusCode.ServiceUnavailable)]
    [InlineData(true, HttpStatusCode.OK)]
    public async Task Server_Fails_NobodyIsLetInUnlessItIsSaid(bool open, HttpStatusCode status)
    {
        _frontend["FailOpen"] = open.ToString();
        _frontend["AnswerHeaders:0"] = "X-User";
        _server.Answer = static context =>
        {
            context.Response.StatusCode = 502;
            return Task.CompletedTask;
        };
        await _frontend.Start();
        using (var answer = await _frontend.Get("/fields/X-User", ("X-User", "root")))
        {
            Assert.Equal(status, answer.StatusCode);
            if (!open)
                await _frontend.IsRefused(answer, 503, "unavailable", "auth_unavailable");
            Assert.DoesNotContain("root", await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        }

        await _server.DisposeAsync();
        using var gone = await _frontend.Get("/id");
        Assert.Equal(status, gone.StatusCode);
        Assert.Equal(open ? "failed_open" : "unavailable", _frontend.Decisions.Last().Item2);
        // Once, not for each request.
        Assert.Single(_frontend.Log, static record => record.Id.Id == 3182);
    }

    [Fact]
    public async Task Server_TakesTooLong_NobodyIsLetIn()
    {
        var asked = new TaskCompletionSource();
        _server.Answer = context =>
        {
            asked.TrySetResult();
            return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        };
        await _frontend.Start();
        var answering = _frontend.Get("/id");
        await asked.Task.WaitAsync(Cancellation);
        _frontend.Host.Clock.Advance(ForwardRules.DefaultTimeout - TimeSpan.FromMilliseconds(1));
        Assert.False(answering.IsCompleted);
        _frontend.Host.Clock.Advance(TimeSpan.FromMilliseconds(1));
        using var answer = await answering;
        await _frontend.IsRefused(answer, 503, "unavailable", "auth_unavailable");
    }

    [Fact]
    public async Task Connections_ToTheServer_AreNoMoreThanAreAllowed()
    {
        _frontend["MaxConnections"] = "2";
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _server.Answer = _ => release.Task;
        await _frontend.Start();
        var answers = Enumerable.Range(0, 10).Select(_ => _frontend.Get("/id")).ToArray();
        await Eventually.Is(() => _server.Questions.Count == 2);
        release.SetResult();
        foreach (var answer in await Task.WhenAll(answers))
        {
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            answer.Dispose();
        }

        Assert.Equal(2, _server.Connections);
    }

    [Fact]
    public async Task Client_LeavesWhileTheServerIsAsked_IsSaid()
    {
        var asked = new TaskCompletionSource();
        var left = new TaskCompletionSource();
        _server.Answer = async context =>
        {
            using var end = context.RequestAborted.Register(left.SetResult);
            asked.TrySetResult();
            await left.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        };
        await _frontend.Start();
        using var client = await RawConnection.Open(_frontend.Host.Http1, Cancellation);
        await client.Send("GET /id HTTP/1.1\r\nHost: x\r\n\r\n", Cancellation);
        await asked.Task.WaitAsync(Cancellation);
        client.Reset();
        await left.Task.WaitAsync(Cancellation);
        await Eventually.Is(() => _frontend.Decisions.LastOrDefault().Item2 == "abandoned");
        Assert.Equal(0, _frontend.Backend.Requests);
    }

    private async Task<string> Told(string field, (string, string)[] sent)
    {
        using var answer = await _frontend.Get("/fields/" + field, sent);
        return await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync(Cancellation);
    }
}
