using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using OrleansLb.Process.Tests.Faults.Figures;
using OrleansLb.Process.Tests.Networks;
using OrleansLb.Process.Tests.Processes;
using OrleansLb.Testing.Mutants;

namespace OrleansLb.Process.Tests.Faults;

/// <summary>F11: the file that every silo watches becomes garbage again and again, under load, and nothing valid in between.</summary>
[Collection(NetworkCollection.Name)]
public sealed partial class GarbageConfigurationTests : IDisposable
{
    private const string Row = "F11";
    private const string Fault = "garbage in the file that every silo watches";
    private const int Seed = 11;
    private const int MutantsInARound = 20;
    private const int OneUnreadableIn = 5;
    private const double RequestsPerSecond = 100;

    // A silo says one of these of whatever it is told to read again, and why.
    private const string Unreadable = "Reload refused";
    private const string InPart = "parts of this process keep what they had";
    private const string Refused = "This silo's configuration was refused";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Bar = TimeSpan.FromMilliseconds(500);

    // The bar is half a second, and the figures show it; a busy test machine gets more. Who is not told finds out within a second.
    private static readonly TimeSpan Listed = 10 * Bar;
    private static readonly TimeSpan Found = TimeSpan.FromSeconds(1) + Listed;

    private readonly NetworkCluster _cluster;
    private readonly ProcessCluster _processes;
    private readonly List<SaidLines> _heard;
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("orleanslb-test-");
    private readonly List<TimeSpan> _listed = [];
    private string _last = "";
    private int _pushed;

    public GarbageConfigurationTests(NetworkCluster cluster)
    {
        (_cluster, _processes) = (cluster, cluster.Processes);
        _heard = [.. _processes.Silos.Select(static silo => new SaidLines(silo, Unreadable, InPart, Refused))];
    }

    [Fact]
    public async Task Garbage_AgainAndAgain_NobodyEnds_NoRequestFails_TheVersionStays_AndEveryErrorIsListedSoon()
    {
        await _cluster.IsWhole();
        var (version, good) = (await Version(), _processes.ReadConfiguration());
        await IsEverywhere(version);
        await using var load = NetworkCluster.Load(RequestsPerSecond, _processes.Frontends);

        await PushMutants(good, version);
        await PushWhatOnceEndedASilo(good);
        var found = await FindsManyErrorsByItself(good);
        Assert.All(await Versions(), each => Assert.Equal($"version {version}", each.Value));
        Assert.All(_processes.Silos.Concat<ProductProcess>(_processes.Frontends), static each => Assert.False(each.HasExited, $"{each.Name} has ended.\n{each.Output}"));

        _cluster.ChangeConfiguration();
        await _cluster.IsWhole();
        await IsEverywhere(version + 1);
        Assert.Null((await _processes.GetStatus())!["configuration"]!["refused"]);

        var outcomes = await load.Stop();
        var failed = outcomes.Where(static outcome => outcome.Failed).ToList();
        FaultFigures.Say(Row, Fault, $"processes that ended, of {_processes.Silos.Count + _processes.Frontends.Count}, in {_pushed} pushes", "0", "0", "-");
        FaultFigures.Say(Row, Fault, "failed requests", Seen.Failed(outcomes), "0", "0");
        FaultFigures.Say(Row, Fault, "changes of the version at any silo or front-end", "0", "0", "0");
        FaultFigures.Say(Row, Fault, $"silos told to read it (SIGHUP) until the status lists all its errors, longest of {_listed.Count}", Milliseconds(_listed.Max()), Milliseconds(Bar));
        FaultFigures.Say(Row, Fault, "written until the status lists all its errors, when nobody is told", Milliseconds(found), "1 s to be found, 500 ms");
        FaultFigures.Say(Row, Fault, "the next valid one is in force", "yes", "yes", "-");
        Assert.True(failed.Count == 0, $"{failed.Count} of {outcomes.Count} failed, first: {failed.FirstOrDefault()}\n{_processes.Logs()}");
        Assert.True(_listed.Max() <= Listed, $"It took {_listed.Max()} to list the errors.");
        Assert.True(found <= Found, $"It took {found} to find it and to list its errors.");
    }

    public void Dispose()
    {
        foreach (var heard in _heard)
            heard.Dispose();
        _directory.Delete(recursive: true);
    }

    private async Task PushMutants(string good, long version)
    {
        var files = new MutantFiles(Seed, Encoding.UTF8.GetBytes(good));
        var until = _pushed + MutantsInARound * Rounds.Count(fallback: 2);
        for (var number = 0; _pushed < until; number++)
        {
            var mutant = files[number];
            var verdict = Judge(mutant.Content);
            // What is valid is not garbage; most of the others shall get as far as the silos' validator; and what is broken in the same way twice is said once.
            if (verdict.Fate == FileFate.Taken || (verdict.Fate == FileFate.Unreadable && _pushed % OneUnreadableIn != 0) || string.Join('\n', verdict.Errors) == _last)
                continue;
            await Push(mutant.Content, verdict, mutant.ToString());
            Assert.Equal(version, await Version());
        }
    }

    private async Task PushWhatOnceEndedASilo(string good)
    {
        await PushWith(good, "a text that is none", "Half", "\"\\ud800\"");
        await PushWith(good, "a level of the log that there is none of", "Logging", """{ "LogLevel": { "Any": "Loud" } }""");
        await PushWith(good, "a name of more levels than a stack has room for", "ReverseProxy:Clusters" + string.Concat(Enumerable.Repeat(":a", 100_000)), "1");
    }

    private Task PushWith(string good, string what, string key, string value)
    {
        var content = Encoding.UTF8.GetBytes($"{{ \"{key}\": {value}, {good[1..]}");
        return Push(content, Judge(content), what);
    }

    private async Task Push(byte[] content, FileVerdict verdict, string what)
    {
        _last = string.Join('\n', verdict.Errors);
        var before = _heard.Select(static heard => heard.Count).ToArray();
        var began = Stopwatch.GetTimestamp();
        _processes.WriteRaw(content);
        foreach (var silo in _processes.Silos)
            silo.Signal(PosixSignals.Hangup);
        if (verdict.Fate == FileFate.Refused)
        {
            await Lists(verdict, what);
            _listed.Add(Stopwatch.GetElapsedTime(began));
        }

        await Eventually.Holds(
            $"every silo has refused {what}", Patience, () => Task.FromResult(_heard.Select(static heard => heard.Count).Zip(before).All(static each => each.First > each.Second)), _processes.Logs);
        _pushed++;
    }

    private async Task<TimeSpan> FindsManyErrorsByItself(string good)
    {
        var configuration = JsonNode.Parse(good)!;
        foreach (var number in Enumerable.Range(0, 50))
            configuration["ReverseProxy"]!["Routes"]![$"wrong-{number}"] = new JsonObject { ["ClusterId"] = $"none-{number}", ["Order"] = "first", ["Match"] = new JsonObject { ["Path"] = "/{" } };
        var content = Encoding.UTF8.GetBytes(configuration.ToJsonString());
        var verdict = Judge(content);
        Assert.InRange(verdict.Errors.Count, 100, 1_000);
        var began = Stopwatch.GetTimestamp();
        _processes.WriteRaw(content);
        await Lists(verdict, "50 wrong routes");
        return Stopwatch.GetElapsedTime(began);
    }

    private Task<TimeSpan> Lists(FileVerdict verdict, string what) => Eventually.Holds($"the status lists the errors of {what}", Patience, async () =>
        (await _processes.GetStatus())?["configuration"]?["refused"]?["errors"]?.AsArray().Select(static error => (string)error!).SequenceEqual(verdict.Errors) == true, _processes.Logs);

    private FileVerdict Judge(byte[] content) => FileVerdict.Of(Path.Combine(_directory.FullName, "mutant.json"), content);

    private async Task<long> Version() => (long)(await _processes.GetStatus())!["version"]!;

    private async Task IsEverywhere(long version)
    {
        KeyValuePair<string, string>[] seen = [];
        await Eventually.Holds(
            $"everybody is at version {version}",
            Patience,
            async () => (seen = await Versions()).All(each => each.Value == $"version {version}"),
            () => $"{string.Join(", ", seen)}\n{_processes.Logs()}");
    }

    /// <summary>What each front-end serves and each silo follows.</summary>
    private async Task<KeyValuePair<string, string>[]> Versions()
    {
        var status = (await _processes.GetStatus())!;
        var frontends = status["frontends"]!.AsArray().Select(static frontend => KeyValuePair.Create((string)frontend!["id"]!, $"version {frontend["version"]}"));
        var silos = await Task.WhenAll(_processes.Silos.Select(async silo =>
            KeyValuePair.Create(silo.Name, $"version {SiloVersion().Match(await _processes.TryGet(new Uri(silo.Status, "/metrics")) ?? "").Groups[1].Value}")));
        return [.. frontends, .. silos];
    }

    private static string Milliseconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:F0} ms");

    [GeneratedRegex(@"^orleanslb_config_version(?:\{[^}]*\})? ([0-9]+)", RegexOptions.Multiline)]
    private static partial Regex SiloVersion();
}
