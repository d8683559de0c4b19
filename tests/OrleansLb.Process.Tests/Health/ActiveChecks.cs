using System.Text.Json.Nodes;
using Grpc.Health.V1;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using OrleansLb.Process.Tests.Processes;
using OrleansLb.Process.Tests.Shared;
using OrleansLb.Testing.Backends;

namespace OrleansLb.Process.Tests.Health;

/// <summary>A pool for each kind of check. All their checks fail and succeed at the same time, each test waits for one of them.</summary>
public sealed class ActiveChecks(SharedCluster cluster) : IAsyncLifetime
{
    private const string WellStatus = "207";
    private const string WellText = "all is well";
    private const string Service = "shop.Cart";

    private readonly List<CheckedBackend> _backends = [];
    private readonly TestAgent _port = new();
    private readonly Dictionary<string, Task> _stories = [];
    private RedisServer _redis = null!;

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.Start();
        ActiveCheck[] checks = [await Tcp(), await HttpBody(), await HttpStatus(), await Grpc(), await Script()];
        await cluster.Serve(checks.Select(static check => (check.Kind, check.Pool)));
        foreach (var check in checks)
            _stories[check.Kind] = Tell(check);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var kind in _stories.Keys)
            cluster.Forget(kind);
        foreach (var backend in _backends)
            await backend.DisposeAsync();
        await _port.DisposeAsync();
        await _redis.DisposeAsync();
    }

    /// <summary>Completes when the check of that kind has taken its backend out of both front-ends and brought it back.</summary>
    internal Task Story(string kind) => _stories[kind];

    private async Task Tell(ActiveCheck check)
    {
        var began = DateTimeOffset.UtcNow;
        await cluster.BothReach(check.Kind, ActiveCheck.Doubtful);

        // Without requests meanwhile: where nobody can connect for a probe, answers that front-ends go on getting speak for a backend.
        await check.Break();
        await cluster.Becomes(check.Kind, ActiveCheck.Doubtful, "Down", check.Evidence);
        await cluster.BothAvoid(check.Kind, ActiveCheck.Doubtful);
        await cluster.IsTold(check.Kind, ActiveCheck.Doubtful, new StateChange("Up", "Down", "ActiveProbe", check.Evidence), began);

        await check.Mend();
        await cluster.Becomes(check.Kind, ActiveCheck.Doubtful, "Up", "2 probes in a row answered");
        await cluster.BothReach(check.Kind, ActiveCheck.Doubtful);
        await cluster.IsTold(check.Kind, ActiveCheck.Doubtful, new StateChange("Down", "Up", "ActiveProbe", "2 probes in a row answered"), began);
    }

    private async Task<ActiveCheck> Tcp()
    {
        var (_, pool) = await PoolOfTwo("Tcp", HttpProtocols.Http1);
        AskElsewhere(pool, ActiveCheck.Doubtful, _port.Port);
        return new ActiveCheck("Tcp", pool, _port.Close, () => Done(_port.Open), " probes in a row failed: Refused; nobody else reaches it");
    }

    private async Task<ActiveCheck> HttpBody()
    {
        var (doubtful, pool) = await PoolOfTwo("Http", HttpProtocols.Http1);
        DescribeRequest(pool);
        return new ActiveCheck(
            "HttpBody", pool, () => Done(() => doubtful.OnProbe = AnswerTo(WellStatus, "all is lost")), () => Done(() => doubtful.OnProbe = AnswerTo(WellStatus, WellText)), "2 probes in a row failed: WrongContent");
    }

    private async Task<ActiveCheck> HttpStatus()
    {
        var (doubtful, pool) = await PoolOfTwo("Http", HttpProtocols.Http1);
        DescribeRequest(pool);
        return new ActiveCheck(
            "HttpStatus", pool, () => Done(() => doubtful.OnProbe = AnswerTo("200", WellText)), () => Done(() => doubtful.OnProbe = AnswerTo("418", WellText)), "2 probes in a row failed: status 200");
    }

    private async Task<ActiveCheck> Grpc()
    {
        var (doubtful, pool) = await PoolOfTwo("Grpc", HttpProtocols.Http2);
        ActiveCheck.ProbeOf(pool)["Service"] = Service;
        pool["HttpRequest"] = new JsonObject { ["Version"] = "2", ["VersionPolicy"] = "RequestVersionExact" };
        Task Say(HealthCheckResponse.Types.ServingStatus status) => Done(() => doubtful.Health.SetStatus(Service, status));
        return new ActiveCheck(
            "Grpc", pool, () => Say(HealthCheckResponse.Types.ServingStatus.NotServing), () => Say(HealthCheckResponse.Types.ServingStatus.Serving), "2 probes in a row failed: NotServing");
    }

    /// <summary>Backends that are as well as their Redis is, of which that of the steady one is the cluster's own.</summary>
    private async Task<ActiveCheck> Script()
    {
        var (_, pool) = await PoolOfTwo("Script", HttpProtocols.Http1);
        ActiveCheck.ProbeOf(pool)["Script"] = new JsonArray(new JsonObject { ["Send"] = @"PING\r\n" }, new JsonObject { ["Expect"] = "+PONG" });
        AskElsewhere(pool, ActiveCheck.Steady, cluster.Processes.Redis!.Port);
        AskElsewhere(pool, ActiveCheck.Doubtful, _redis.Port);
        return new ActiveCheck("Script", pool, () => Done(() => _redis.Signal(PosixSignals.Stop)), RestartRedis, " probes in a row failed: TimedOut; nobody else reaches it");
    }

    private async Task RestartRedis()
    {
        await _redis.DisposeAsync();
        _redis = await RedisServer.Start(_redis.Port);
    }

    private async Task<(CheckedBackend Doubtful, JsonObject Pool)> PoolOfTwo(string type, HttpProtocols protocols)
    {
        var (steady, doubtful) = (await CheckedBackend.Start(ActiveCheck.Steady, protocols), await CheckedBackend.Start(ActiveCheck.Doubtful, protocols));
        _backends.AddRange([steady, doubtful]);
        foreach (var backend in (CheckedBackend[])[steady, doubtful])
        {
            backend.OnProbe = AnswerTo(WellStatus, WellText);
            backend.Health.SetStatus(Service, HealthCheckResponse.Types.ServingStatus.Serving);
        }

        var pool = SharedCluster.PoolOf(steady, doubtful);
        ActiveCheck.ProbeOf(pool)["Type"] = type;
        return (doubtful, pool);
    }

    /// <summary>A probe of which everything is configured, so that a backend that heard anything else of it would not be up.</summary>
    private static void DescribeRequest(JsonObject pool)
    {
        var active = pool["HealthCheck"]!["Active"]!;
        (active["Path"], active["Query"]) = ("/check", "?depth=1");
        var probe = ActiveCheck.ProbeOf(pool);
        (probe["Method"], probe["Host"], probe["Headers"]) = ("POST", "check.example", new JsonObject { ["X-Check"] = "yes" });
        (probe["ExpectedStatus"], probe["BodyContains"]) = ($"{WellStatus},418", WellText);
    }

    private static Func<HttpContext, Task> AnswerTo(string status, string text) => context =>
    {
        var request = context.Request;
        var isAsConfigured = (request.Method, request.Path, request.QueryString.Value, request.Host.Value, request.Headers["X-Check"]) == ("POST", "/check", "?depth=1", "check.example", "yes");
        context.Response.StatusCode = isAsConfigured ? int.Parse(status, System.Globalization.CultureInfo.InvariantCulture) : StatusCodes.Status400BadRequest;
        return context.Response.WriteAsync($"They say {text}.\n");
    };

    private static void AskElsewhere(JsonObject pool, string backend, int port) => pool["Destinations"]![backend]!["Health"] = $"http://127.0.0.1:{port}/";

    private static Task Done(Action act)
    {
        act();
        return Task.CompletedTask;
    }
}
