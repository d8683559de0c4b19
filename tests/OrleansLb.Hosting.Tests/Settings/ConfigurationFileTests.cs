using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using OrleansLb.Hosting.CommandLine;
using OrleansLb.Hosting.Settings;

namespace OrleansLb.Hosting.Tests.Settings;

public sealed class ConfigurationFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;
    private readonly FakeLogger<ConfigurationFileWatcher> _log = new();
    private readonly TestMeters _meters = new();
    private int _changes;

    private string FilePath => Path.Combine(_folder, "lb.json");

    [Fact]
    public void Build_FileEnvironmentAndCommandLine_LaterOnesWin()
    {
        Write("""{ "T": { "File": "file", "Environment": "file", "Line": "file" } }""");
        Environment.SetEnvironmentVariable("T__Environment", "environment");
        Environment.SetEnvironmentVariable("T__Line", "environment");
        var description = new ProcessDescription
        {
            Name = "x",
            Summary = "x",
            Defaults = new Dictionary<string, string?> { ["T:Default"] = "default", ["T:File"] = "default", ["Logging:LogLevel:Orleans"] = "Debug" },
        };

        using var manager = new ConfigurationManager();
        manager.AddOrleansLbConfiguration(new ProcessStart(description, FilePath, ["--T:Line=line"]));

        Assert.Equal("default", manager["T:Default"]);
        Assert.Equal("file", manager["T:File"]);
        Assert.Equal("environment", manager["T:Environment"]);
        Assert.Equal("line", manager["T:Line"]);
        Assert.Equal("Debug", manager["Logging:LogLevel:Orleans"]);
        Environment.SetEnvironmentVariable("T__Environment", null);
        Environment.SetEnvironmentVariable("T__Line", null);
    }

    [Fact]
    public void Build_AppsettingsBeside_IsNotRead()
    {
        var stray = Path.Combine(_folder, "appsettings.json");
        File.WriteAllText(stray, """{ "T": { "Stray": "1" } }""");
        using var manager = new ConfigurationManager();
        manager.AddJsonFile(stray);

        manager.AddOrleansLbConfiguration(new ProcessStart(new ProcessDescription { Name = "x", Summary = "x" }, null, []));

        Assert.Null(manager["T:Stray"]);
    }

    [Theory]
    [InlineData("", "line 1, column 1: ")]
    [InlineData("[]", "Top-level JSON element must be an object")]
    [InlineData("""{ "A": 1, "a": 2 }""", "A duplicate key 'a' was found.")]
    [InlineData("{ // \n \"A\": [1,\n \"\\ud800\"] }", ", line 3, column 2: half a character")]
    [InlineData("""{ "\udc00\ud800": 1 }""", ", line 1, column 3: half a character")]
    public void Load_NotAnObject_SaysWhy(string content, string reason)
    {
        Write(content);

        var failure = Assert.Throws<StartupException>(() => new ConfigurationFileProvider(FilePath).Load());

        Assert.StartsWith($"configuration file {FilePath}", failure.Message, StringComparison.Ordinal);
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_Folder_SaysThatItCannotBeRead()
    {
        var failure = Assert.Throws<StartupException>(() => new ConfigurationFileProvider(_folder).Load());

        Assert.StartsWith($"configuration file {_folder} cannot be read: ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_CommentsAndTrailingCommas_AreAllowed()
    {
        Write("{ // why\n \"A\": [1, 2,], }");
        var file = new ConfigurationFileProvider(FilePath);

        file.Load();

        Assert.True(file.TryGet("A:1", out var value));
        Assert.Equal("2", value);
    }

    [Fact]
    public void Look_ChangedFile_IsReadOnceItHeldStill()
    {
        var (watcher, configuration) = Watch("""{ "A": "old" }""");

        Write("""{ "A": "newer" }""");
        watcher.Look();
        Assert.Equal("old", configuration["A"]);

        watcher.Look();
        watcher.Look();
        Assert.Equal("newer", configuration["A"]);
        Assert.Equal(1, _changes);
        Assert.Equal(2110, Assert.Single(_log.Collector.GetSnapshot()).Id.Id);
    }

    [Fact]
    public void Look_SameContentWrittenAgain_AnnouncesNothing()
    {
        var (watcher, _) = Watch("""{ "A": "old" }""");

        Write("""{ "A": "old" }""");
        File.SetLastWriteTimeUtc(FilePath, new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        watcher.Look();
        watcher.Look();

        Assert.Equal(0, _changes);
        Assert.Empty(_log.Collector.GetSnapshot());
    }

    [Fact]
    public void Look_HalfWrittenFile_KeepsValuesLogsOnceAndCounts()
    {
        var (watcher, configuration) = Watch("""{ "A": "old" }""");
        using var reloads = new MetricCollector<long>(_meters, ConfigurationFileMetrics.MeterName, "orleanslb.configuration_file.reloads");
        using var refused = new MetricCollector<int>(_meters, ConfigurationFileMetrics.MeterName, "orleanslb.configuration_file.refused");

        Write("""{ "A": "ne""");
        Settle(watcher);
        watcher.Reload();

        Assert.Equal("old", configuration["A"]);
        Assert.Equal(0, _changes);
        var entry = Assert.Single(_log.Collector.GetSnapshot());
        Assert.Equal(LogLevel.Error, entry.Level);
        Assert.Contains($"{FilePath}, line 1", entry.Message, StringComparison.Ordinal);
        Assert.Equal("refused", Assert.Single(reloads.GetMeasurementSnapshot()).Tags["outcome"]);
        refused.RecordObservableInstruments();
        Assert.Equal(1, refused.LastMeasurement!.Value);

        Write("""{ "A": "newer" }""");
        Settle(watcher);
        Assert.Equal("newer", configuration["A"]);
        refused.RecordObservableInstruments();
        Assert.Equal(0, refused.LastMeasurement!.Value);
    }

    [Theory]
    [InlineData("""{ "A": "\ud800" }""")]
    [InlineData("""{ "\ud800": "new" }""")]
    public void Look_HalfACharacter_KeepsValuesAndTheWatcherLives(string content)
    {
        var (watcher, configuration) = Watch("""{ "A": "old" }""");

        Write(content);
        Settle(watcher);

        Assert.Equal("old", configuration["A"]);
        Assert.Equal(2111, Assert.Single(_log.Collector.GetSnapshot()).Id.Id);
    }

    [Fact]
    public void Look_ValueThatAPartOfTheProcessCannotTake_IsSaidOnceAndTheWatcherLives()
    {
        var (watcher, configuration) = Watch("""{ "Logging": { "LogLevel": { "Default": "Warning" } } }""");
        using var services = new ServiceCollection().AddLogging(logging => logging.AddConfiguration(configuration.GetSection("Logging"))).BuildServiceProvider();
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("any");
        using var refused = new MetricCollector<int>(_meters, ConfigurationFileMetrics.MeterName, "orleanslb.configuration_file.refused");

        Write("""{ "Logging": { "LogLevel": { "Default": "Loud" } }, "A": "new" }""");
        Settle(watcher);
        watcher.Reload();

        Assert.Equal("new", configuration["A"]);
        var entry = Assert.Single(_log.Collector.GetSnapshot());
        Assert.Equal((2113, LogLevel.Error), (entry.Id.Id, entry.Level));
        Assert.Contains("'Loud'", entry.Message, StringComparison.Ordinal);
        refused.RecordObservableInstruments();
        Assert.Equal(1, refused.LastMeasurement!.Value);
        Assert.NotNull(logger);

        Write("""{ "Logging": { "LogLevel": { "Default": "Error" } } }""");
        Settle(watcher);
        Assert.Equal([2113, 2110], _log.Collector.GetSnapshot().Select(static each => each.Id.Id));
        refused.RecordObservableInstruments();
        Assert.Equal(0, refused.LastMeasurement!.Value);
    }

    [Fact]
    public void Look_BadThenOldContentAgain_SaysThatItIsGood()
    {
        var (watcher, _) = Watch("""{ "A": "old" }""");
        Write("}");
        Settle(watcher);

        Write("""{ "A": "old" }""");
        Settle(watcher);

        Assert.Equal([2111, 2112], _log.Collector.GetSnapshot().Select(static entry => entry.Id.Id));
        Assert.Equal(0, _changes);
    }

    [Fact]
    public void Look_DeletedFile_KeepsValues()
    {
        var (watcher, configuration) = Watch("""{ "A": "old" }""");

        File.Delete(FilePath);
        Settle(watcher);

        Assert.Equal("old", configuration["A"]);
        Assert.Contains("does not exist", Assert.Single(_log.Collector.GetSnapshot()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Look_FolderSwappedBySymlinkAsKubernetesDoes_IsRead()
    {
        var first = Directory.CreateDirectory(Path.Combine(_folder, "..1"));
        var second = Directory.CreateDirectory(Path.Combine(_folder, "..2"));
        File.WriteAllText(Path.Combine(first.FullName, "lb.json"), """{ "A": "old" }""");
        File.WriteAllText(Path.Combine(second.FullName, "lb.json"), """{ "A": "new" }""");
        foreach (var folder in new[] { first, second })
            File.SetLastWriteTimeUtc(Path.Combine(folder.FullName, "lb.json"), new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        Directory.CreateSymbolicLink(Path.Combine(_folder, "..data"), "..1");
        File.CreateSymbolicLink(FilePath, "..data/lb.json");
        var (watcher, configuration) = Watch(content: null);

        Directory.CreateSymbolicLink(Path.Combine(_folder, "..data_tmp"), "..2");
        using var rename = Process.Start("mv", ["-T", Path.Combine(_folder, "..data_tmp"), Path.Combine(_folder, "..data")]);
        await rename.WaitForExitAsync(TestContext.Current.CancellationToken);
        Settle(watcher);

        Assert.Equal("new", configuration["A"]);
    }

    [Fact]
    public void Reload_WholeConfiguration_KeepsServingTheLastGoodFile()
    {
        var (_, configuration) = Watch("""{ "A": "old" }""");
        File.Delete(FilePath);

        configuration.Reload();

        Assert.Equal("old", configuration["A"]);
    }

    [Fact]
    public async Task Execute_ChangedFile_IsNoticedByTime()
    {
        var time = new FakeTimeProvider();
        var (watcher, configuration) = Watch("""{ "A": "old" }""", time);
        await watcher.StartAsync(TestContext.Current.CancellationToken);
        var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        configuration.GetReloadToken().RegisterChangeCallback(static source => ((TaskCompletionSource)source!).SetResult(), changed);

        Write("""{ "A": "newer" }""");
        while (!changed.Task.IsCompleted)
        {
            time.Advance(ConfigurationFileWatcher.Interval);
            await Task.Yield();
        }

        Assert.Equal("newer", configuration["A"]);
        await watcher.StopAsync(TestContext.Current.CancellationToken);
    }

    public void Dispose()
    {
        _meters.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static void Settle(ConfigurationFileWatcher watcher)
    {
        watcher.Look();
        watcher.Look();
    }

    private void Write(string content) => File.WriteAllText(FilePath, content);

    private (ConfigurationFileWatcher Watcher, IConfigurationRoot Configuration) Watch(string? content, TimeProvider? time = null)
    {
        if (content is not null)
            Write(content);

        var file = new ConfigurationFileProvider(FilePath);
        var configuration = new ConfigurationBuilder().Add(file).Build();
        Microsoft.Extensions.Primitives.ChangeToken.OnChange(configuration.GetReloadToken, () => _changes++);
        return (new ConfigurationFileWatcher(file, new ConfigurationFileMetrics(_meters), time ?? new FakeTimeProvider(), _log), configuration);
    }
}
