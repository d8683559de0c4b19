using System.Globalization;
using System.Text.Json.Nodes;
using OrleansLb.Process.Tests.Faults.Figures;
using OrleansLb.Process.Tests.Processes;

namespace OrleansLb.Process.Tests.Faults;

/// <summary>F11: the file that every silo watches becomes a valid one under which all requests fail, again and again, under load.</summary>
public sealed class HarmfulConfigurationTests : IAsyncLifetime
{
    private const string Row = "F11";
    private const string Fault = "a valid configuration that does harm";
    private const double RequestsPerSecond = 300;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Bar = TimeSpan.FromSeconds(10);

    // The bar is ten seconds, and the figures show it; a busy test machine gets more.
    private static readonly TimeSpan Allowed = 3 * Bar;

    // A change is compared with what was seen since the last one.
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(5);

    private static readonly (string Name, Action<JsonObject> Do)[] Harms =
    [
        ("nobody listens at the backends' addresses", static proxy =>
        {
            foreach (var destination in proxy["Clusters"]!["app"]!["Destinations"]!.AsObject())
                destination.Value!["Address"] = "http://127.0.0.1:1/";
        }),
        ("the pool has no backend", static proxy => proxy["Clusters"]!["app"]!["Destinations"] = new JsonObject()),
        ("the route is gone", static proxy => proxy["Routes"]!["app"]!["Match"]!["Path"] = "/elsewhere"),
    ];

    private readonly List<TimeSpan> _harm = [];
    private ProcessCluster _cluster = null!;
    private OpenLoopLoad _load = null!;

    public async ValueTask InitializeAsync()
    {
        _cluster = await ProcessCluster.Start(configure: Judged);
        _load = new OpenLoopLoad(RequestsPerSecond, _cluster.Frontends.Select(static frontend => new Uri(frontend.Address, "/")));
    }

    public async ValueTask DisposeAsync()
    {
        // Neither is there when the start failed.
        if (_load is not null)
            await _load.DisposeAsync();
        if (_cluster is not null)
            await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task Push_MakesRequestsFail_IsTakenBackByTheCluster_AndOneThatDoesNotIsKept()
    {
        var number = 0;
        for (var round = 0; round < Rounds.Count(fallback: 1); round++)
        {
            foreach (var (name, harm) in Harms)
                await PushHarm(name, harm, ++number);
        }

        await PassesWell();
        _cluster.WriteConfiguration(configuration => Judged(configuration, ++number));
        var changed = await Version() + 1;
        await Eventually.Holds("a harmless change is in force", Patience, async () => await IsEverywhere(changed) && await LastTakenBack() == changed - 2, _cluster.Logs);
        var from = _load.Elapsed;
        await PassesWell();
        Assert.Equal(changed, await Version());

        var outcomes = await _load.Stop();
        Assert.DoesNotContain(outcomes, outcome => outcome.Failed && outcome.At > from);
        FaultFigures.Say(Row, Fault, $"written until traffic is well again, longest of {_harm.Count}", Seen.Seconds(_harm.Max()), "10 s");
        FaultFigures.Say(Row, Fault, "taken back by the cluster itself, once each", $"{_harm.Count} of {number - 1}", "all");
        FaultFigures.Say(Row, Fault, "a change that does no harm, afterwards", "stays", "stays");
        Assert.True(_harm.Max() <= Allowed, $"It took {string.Join(", ", _harm)}.");
    }

    /// <summary>Pushes something harmful, waits until it is taken back, and then takes it out of the file.</summary>
    private async Task PushHarm(string name, Action<JsonObject> harm, int number)
    {
        await PassesWell();
        var version = await Version();
        var written = _load.Elapsed;
        _cluster.WriteConfiguration(configuration =>
        {
            Judged(configuration, number);
            harm(configuration["ReverseProxy"]!.AsObject());
        });
        await Eventually.Holds($"it is taken back that {name}", Patience, async () => await LastTakenBack() == version + 1 && await IsEverywhere(version + 2), _cluster.Logs);
        await PassesWell();
        var failed = _load.Outcomes.Where(outcome => outcome.Failed && outcome.At > written).ToList();
        Assert.True(failed.Count > RequestsPerSecond, $"Only {failed.Count} requests failed because {name}.");
        _harm.Add(failed.Max(static outcome => outcome.AnsweredAt) - written);
        TestContext.Current.SendDiagnosticMessage($"{name}: {_harm[^1]}");

        // All silos have read it by now and say that it is theirs; it was taken back once.
        Assert.Equal(version + 2, await Version());
        Assert.Equal(_cluster.Silos.Count, (await Configuration())["divergent"]!.AsArray().Count);
        _cluster.WriteConfiguration(Judged);
        await Eventually.Holds("every silo's file is what is in force", Patience, async () => (await Configuration())["divergent"]!.AsArray().Count == 0, _cluster.Logs);
        Assert.Equal(version + 2, await Version());
    }

    /// <summary>Some seconds in which all goes well.</summary>
    private Task<TimeSpan> PassesWell()
    {
        var from = _load.Elapsed;
        return Eventually.Holds("requests go well", Patience, () =>
        {
            foreach (var outcome in _load.Outcomes.Where(outcome => outcome.Failed && outcome.AnsweredAt > from))
                from = outcome.AnsweredAt;
            return Task.FromResult(_load.Elapsed - from > Quiet);
        }, _cluster.Logs);
    }

    private static void Judged(JsonObject configuration) => configuration["OrleansLb"] = new JsonObject
    {
        ["Rollback"] = new JsonObject { ["Enabled"] = true, ["FailureStatuses"] = "500-599,404" },
    };

    private static void Judged(JsonObject configuration, int number)
    {
        Judged(configuration);
        configuration["ReverseProxy"]!["Routes"]![string.Create(CultureInfo.InvariantCulture, $"extra-{number}")] = new JsonObject
        {
            ["ClusterId"] = "app",
            ["Match"] = new JsonObject { ["Path"] = string.Create(CultureInfo.InvariantCulture, $"/extra-{number}") },
        };
    }

    private async Task<JsonNode> Status()
    {
        JsonNode? status = null;
        await Eventually.Holds("a silo tells the status", Patience, async () => (status = await _cluster.GetStatus()) is not null, _cluster.Logs);
        return status!;
    }

    private async Task<JsonNode> Configuration() => (await Status())["configuration"]!;

    private async Task<long> Version() => (long)(await Status())["version"]!;

    private async Task<long> LastTakenBack() => (long?)(await Configuration())["lastRollback"]?["failed"] ?? 0;

    private async Task<bool> IsEverywhere(long version) => (await Status())["frontends"]!.AsArray().All(frontend => (long)frontend!["version"]! == version);
}
