using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Time.Testing;
using OrleansLb.Core;
using OrleansLb.Frontend.Hosting;
using OrleansLb.Frontend.Registration;
using OrleansLb.Frontend.Snapshots;

namespace OrleansLb.Frontend.Tests.Registration;

/// <summary>The number of a start, which grains compare with that of the start before.</summary>
public sealed class FrontendIdentityTests : IDisposable
{
    private static readonly DateTimeOffset Today = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly string _root = Directory.CreateTempSubdirectory("orleanslb").FullName;
    private readonly FakeTimeProvider _clock = new(Today);

    private string DataDirectory => Path.Combine(_root, "data");

    private string StoredAt => Path.Combine(DataDirectory, "incarnation.json");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Start_ClockGoesOn_IncarnationIsTheTimeOfTheStart()
    {
        Assert.Equal(Today.ToUnixTimeMilliseconds(), Start());
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(Today.ToUnixTimeMilliseconds() + 1000, Start());
    }

    [Fact]
    public void Start_ClockWasSetBack_IncarnationStillGrows()
    {
        var first = Start();
        _clock.AdjustTime(Today.AddDays(-1));

        Assert.Equal(first + 1, Start());
        Assert.Equal(first + 2, Start());
    }

    [Fact]
    public void Start_Incarnation_IsOnDiskForItsOwnerOnly()
    {
        var incarnation = Start();

        Assert.Equal(incarnation, DataEnvelope.Read(File.ReadAllBytes(StoredAt), DataJson.Default.StoredIncarnation).Incarnation);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(StoredAt));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("1772366400000")]
    [InlineData("{\"FormatVersion\":1,\"Sha256\":\"00\",\"Content\":{\"Incarnation\":99}}")]
    public void Start_FileIsDamaged_IncarnationIsTheClocksAndTheFileIsKeptAside(string damaged)
    {
        Directory.CreateDirectory(DataDirectory);
        File.WriteAllText(StoredAt, damaged);

        AssertTheClockIsUsed("read");

        Assert.Equal(damaged, File.ReadAllText(StoredAt + ".unusable"));
        Assert.Equal(Today.ToUnixTimeMilliseconds() + 1, Start());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    public void Start_StoredNumberCannotBeOne_IncarnationIsTheClocks(long impossible)
    {
        Directory.CreateDirectory(DataDirectory);
        File.WriteAllBytes(StoredAt, DataEnvelope.Write(new StoredIncarnation(impossible), DataJson.Default.StoredIncarnation).Span);

        AssertTheClockIsUsed("read");
    }

    [Fact]
    public void Start_FolderCannotBeWritten_IncarnationIsTheClocks()
    {
        File.WriteAllText(DataDirectory, "a file where the folder should be");

        AssertTheClockIsUsed("write");
    }

    private void AssertTheClockIsUsed(string failedOperation)
    {
        using var services = Services();
        using var failures = new MetricCollector<long>(
            services.GetRequiredService<IMeterFactory>(), DataFileMetrics.MeterName, "orleanslb.snapshot.file.failures");

        Assert.Equal(Today.ToUnixTimeMilliseconds(), services.GetRequiredService<FrontendIdentity>().Incarnation);

        var failure = Assert.Single(failures.GetMeasurementSnapshot());
        Assert.Equal(("incarnation", failedOperation), (failure.Tags["file"], failure.Tags["operation"]));
    }

    private long Start()
    {
        using var services = Services();
        return services.GetRequiredService<FrontendIdentity>().Incarnation;
    }

    private ServiceProvider Services()
    {
        var settings = new Dictionary<string, string?> { ["OrleansLb:Frontend:Id"] = "fe-1", ["OrleansLb:Frontend:DataDirectory"] = DataDirectory };
        var services = new ServiceCollection().AddLogging().AddMetrics();
        services.AddKeyedSingleton<TimeProvider>(Clocks.Key, _clock);
        services.AddOrleansLbFrontend(new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), "unnamed");
        return services.BuildServiceProvider();
    }
}
