using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Yarp.ReverseProxy.Configuration;

namespace OrleansLb.Configuration.Tests;

/// <summary>A plain YARP file means here what it means to YARP.</summary>
public sealed class YarpCorpusTests
{
    public static TheoryData<string> Files =>
        [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Corpus", "Yarp")).Select(file => "Yarp/" + Path.GetFileName(file))];

    [Theory]
    [MemberData(nameof(Files))]
    public void Compile_PlainYarpFile_GivesWhatYarpReads(string file)
    {
        var configuration = TestDocuments.OfFile(file);
        var (routes, clusters) = YarpReads(configuration);

        var result = TestDocuments.Compile(configuration);

        Assert.Empty(result.Errors);
        Assert.Empty(result.Warnings);
        Assert.Equal(routes, result.Configuration!.Routes);
        Assert.Equal(clusters, result.Configuration.Clusters);
        Assert.Equal(clusters.Select(cluster => cluster.ClusterId).Order(), result.Configuration.Snapshot.Pools.Keys.Order());
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void ToConfiguration_PlainYarpFile_ReadsAsTheFile(string file)
    {
        var configuration = TestDocuments.OfFile(file);

        var document = SettingsDocument.From(configuration);

        Assert.Equal(
            configuration.GetSection("ReverseProxy").AsEnumerable().Where(setting => setting.Value is not null).Order(SettingOrder),
            document.ToConfiguration().GetSection("ReverseProxy").AsEnumerable().Where(setting => setting.Value is not null).Order(SettingOrder));
        Assert.Equal(document, SettingsDocument.From(document.ToConfiguration()));
        Assert.Equal(document, SettingsDocument.FromSettings(document.Settings.Reverse()));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Compile_PlainYarpFile_HasNoClusterWideHealth(string file)
    {
        var pools = TestDocuments.Compile(TestDocuments.OfFile(file)).Configuration!.Snapshot.Pools.Values;

        Assert.All(pools, pool => Assert.Null(pool.ActiveHealth));
        Assert.All(pools, pool => Assert.False(pool.PassiveHealth));
    }

    private static Comparer<KeyValuePair<string, string?>> SettingOrder { get; } =
        Comparer<KeyValuePair<string, string?>>.Create((left, right) => string.CompareOrdinal(left.Key, right.Key));

    private static (IReadOnlyList<RouteConfig> Routes, IReadOnlyList<ClusterConfig> Clusters) YarpReads(IConfiguration configuration)
    {
        var services = new ServiceCollection();
        services.AddLogging().AddReverseProxy().LoadFromConfig(configuration.GetSection("ReverseProxy"));
        using var provider = services.BuildServiceProvider();
        var config = provider.GetRequiredService<IProxyConfigProvider>().GetConfig();
        return (config.Routes, config.Clusters);
    }
}
