using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Configuration;
using OrleansLb.Contracts.Routing;
using OrleansLb.Core.Affinity;
using OrleansLb.Core.Configuration;
using OrleansLb.Frontend.Snapshots;
using OrleansLb.Frontend.Tests.LoadBalancing;
using OrleansLb.Testing.Clusters;
using OrleansLb.Testing.Files;
using OrleansLb.Testing.Routing;

namespace OrleansLb.Frontend.Tests.Snapshots;

/// <summary>What a front-end keeps on disk, and what it does with it when no silo answers.</summary>
public sealed class SnapshotTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("orleanslb").FullName;

    private string DataDirectory => Path.Combine(_root, "data");

    private string File => Path.Combine(DataDirectory, "snapshot.json");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Start_NoSiloButASnapshot_ServesTheFirstRequest()
    {
        await using var backend = await Backend.Start("first");
        WriteByHand(backend.Address, version: 2);

        await using var frontend = await ClusterFrontend.Start(DataDirectory, grains: null);

        using var client = new HttpClient();
        Assert.Equal("first", await client.GetStringAsync(new Uri(frontend.Address, "/id"), Cancellation));
        Assert.Equal(2, frontend.Configuration.Current.Snapshot.Version);
        Assert.Equal("serving version 2", frontend.Readiness.Detail);
    }

    [Fact]
    public async Task Start_FromSnapshot_HasTheKeysAndGenerationsThatTheClusterGave()
    {
        await using var backend = await Backend.Start("first");
        var served = await Leave(backend, versions: 2);

        await using var frontend = await ClusterFrontend.Start(DataDirectory, grains: null);

        var restored = frontend.Configuration.Current;
        Assert.Equal(served.Snapshot.Digest, restored.Snapshot.Digest);
        Assert.Equal(served.Generations, restored.Generations);
        Assert.Equal(served.Snapshot.Pools["app"].Backends, restored.Snapshot.Pools["app"].Backends);
        Assert.Equal(served.Snapshot.Keys.SigningKeyId, restored.Snapshot.Keys.SigningKeyId);
        Assert.Equal(
            served.Snapshot.Keys.Keys.Select(key => Convert.ToHexString(key.Secret.AsSpan())),
            restored.Snapshot.Keys.Keys.Select(key => Convert.ToHexString(key.Secret.AsSpan())));
        Assert.Equal(served.Routes, restored.Routes);
    }

    [Fact]
    public async Task Write_Snapshot_IsForItsOwnerOnly()
    {
        await using var backend = await Backend.Start("first");
        await Leave(backend, versions: 1);

        Assert.Contains(File, Directory.GetFiles(DataDirectory));
        Assert.All(Directory.GetFiles(DataDirectory), static file =>
            Assert.Equal((".json", UnixFileMode.UserRead | UnixFileMode.UserWrite), (Path.GetExtension(file), System.IO.File.GetUnixFileMode(file))));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, System.IO.File.GetUnixFileMode(DataDirectory));
    }

    [Theory]
    [InlineData("empty")]
    [InlineData("half")]
    [InlineData("flipped")]
    [InlineData("format")]
    [InlineData("garbage")]
    [InlineData("other")]
    [InlineData("key")]
    public async Task Start_UnusableSnapshot_IsCountedKeptAsideAndNotServed(string damage)
    {
        WriteByHand("http://127.0.0.1:9/", version: 1);
        var damaged = Damage(await System.IO.File.ReadAllBytesAsync(File, Cancellation), damage);
        await System.IO.File.WriteAllBytesAsync(File, damaged, Cancellation);

        await using var frontend = await ClusterFrontend.Start(DataDirectory, grains: null);

        using var client = new HttpClient();
        using var answer = await client.GetAsync(new Uri(frontend.Address, "/id"), Cancellation);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal(damaged, await System.IO.File.ReadAllBytesAsync(File + ".unusable", Cancellation));
        Assert.False(System.IO.File.Exists(File));
    }

    [Fact]
    public async Task Start_UnusableSnapshotAndASilo_ServesAndWritesANewOne()
    {
        await using var backend = await Backend.Start("first");
        Directory.CreateDirectory(DataDirectory);
        await System.IO.File.WriteAllTextAsync(File, "{", Cancellation);

        await Leave(backend, versions: 1);

        Assert.Equal(1, (await Stored()).Version);
    }

    [Fact]
    public async Task Write_FolderCannotBeWritten_ServesOnAndCounts()
    {
        await using var backend = await Backend.Start("first");
        await System.IO.File.WriteAllTextAsync(Path.Combine(_root, "data"), "a file where the folder should be", Cancellation);
        await using var cluster = await TestClusters.Start();
        await using var frontend = await ClusterFrontend.Start(DataDirectory, cluster.Client);
        using var failures = frontend.Collect(DataFileMetrics.MeterName, "orleanslb.snapshot.file.failures");

        var version = await cluster.Client.Apply(TestConfigurations.OnePool(backend.Address));
        await frontend.Configuration.Reaches(version);

        await Eventually.Is(
            () => failures.GetMeasurementSnapshot().Any(static failure => failure.Tags["file"] is "snapshot" && failure.Tags["operation"] is "write"),
            "the failure was counted");
    }

    [Fact]
    public async Task Write_Snapshot_FolderIsWrittenToTheDiskAfterTheRename()
    {
        await using var backend = await Backend.Start("first");
        Directory.CreateDirectory(DataDirectory);
        using var watch = FolderWatch.Start(DataDirectory);

        await Leave(backend, versions: 1);

        Assert.True(watch.WasOpenedAfterRenameTo("snapshot.json"));
    }

    [Fact]
    public async Task Write_InterruptedBefore_LeavesTheOldOneAndIsRepeated()
    {
        await using var backend = await Backend.Start("first");
        WriteByHand(backend.Address, version: 1);
        await System.IO.File.WriteAllTextAsync(File + ".tmp", "half", Cancellation);

        await using (var frontend = await ClusterFrontend.Start(DataDirectory, grains: null))
            Assert.Equal(1, frontend.Configuration.Current.Snapshot.Version);
        await Leave(backend, versions: 3);

        Assert.Equal(3, (await Stored()).Version);
        Assert.All(Directory.GetFiles(DataDirectory), static file => Assert.Equal(".json", Path.GetExtension(file)));
    }

    /// <summary>Runs a front-end with a cluster until its snapshot holds the last of some versions.</summary>
    private async Task<CompiledConfiguration> Leave(Backend backend, int versions)
    {
        await using var cluster = await TestClusters.Start();
        var version = 0L;
        for (var change = 1; change <= versions; change++)
        {
            version = await cluster.Client.Apply(TestConfigurations.OnePool(backend.Address).With(
                ("ReverseProxy:Routes:app:Order", change.ToString(CultureInfo.InvariantCulture))));
        }

        await using var frontend = await ClusterFrontend.Start(DataDirectory, cluster.Client);
        var served = await frontend.Configuration.Reaches(version);
        await frontend.Services.GetRequiredService<FrontendConfiguration>().StopAsync(Cancellation);
        return served;
    }

    private async Task<SnapshotContent> Stored() =>
        DataEnvelope.Read(await System.IO.File.ReadAllBytesAsync(File, Cancellation), DataJson.Default.SnapshotContent);

    private void WriteByHand(string address, long version)
    {
        using var compiler = new ConfigurationCompiler();
        var settings = TestConfigurations.OnePool(address);
        var compiled = compiler.Compile(settings, version, GenerationLedger.Empty, KeyRing.Empty).Configuration!;
        var document = new ConfigurationDocument(version, settings.Digest, settings.Pack(), PackedGenerations.Pack(compiled.Generations), [new RingKey("k1", new byte[32])], "k1");
        Directory.CreateDirectory(DataDirectory);
        System.IO.File.WriteAllBytes(File, DataEnvelope.Write(document.ToContent(compiled), DataJson.Default.SnapshotContent).Span);
    }

    private static byte[] Damage(byte[] file, string damage)
    {
        var text = Encoding.UTF8.GetString(file);
        return damage switch
        {
            "empty" => [],
            "half" => file[..(file.Length / 2)],
            "flipped" => Encoding.UTF8.GetBytes(text.Replace("/{**rest}", "/{**pest}", StringComparison.Ordinal)),
            "format" => Encoding.UTF8.GetBytes(text.Replace("\"FormatVersion\":1", "\"FormatVersion\":2", StringComparison.Ordinal)),
            "key" => Encoding.UTF8.GetBytes(text.Replace("\"SigningKeyId\":\"", "\"SigningKeyId\":\"x", StringComparison.Ordinal)),
            "other" => "{ \"Logging\": {} }"u8.ToArray(),
            _ => [0xff, 0xfe, 0, 1, 2, 3],
        };
    }
}
