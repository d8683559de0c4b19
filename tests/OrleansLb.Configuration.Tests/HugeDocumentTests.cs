using System.Diagnostics;
using Microsoft.Extensions.Configuration;

namespace OrleansLb.Configuration.Tests;

public sealed class HugeDocumentTests
{
    [Fact]
    public void Compile_HundredThousandRoutes_Compiles()
    {
        const int Routes = 100_000;
        var settings = new Dictionary<string, string?> { ["ReverseProxy:Clusters:app:Destinations:a:Address"] = "http://10.0.0.1/" };
        for (var route = 0; route < Routes; route++)
        {
            settings[$"ReverseProxy:Routes:route{route}:ClusterId"] = "app";
            settings[$"ReverseProxy:Routes:route{route}:Match:Path"] = $"/tenants/{route}/{{**rest}}";
        }

        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        var watch = Stopwatch.StartNew();
        var document = SettingsDocument.From(configuration);
        var read = watch.Elapsed;
        var result = TestDocuments.Compile(document);

        TestContext.Current.SendDiagnosticMessage($"{document.Bytes} bytes ({document.Pack().Length} packed) read in {read}, read and compiled in {watch.Elapsed}");
        Assert.Empty(result.Errors);
        Assert.Equal(Routes, result.Configuration!.Routes.Count);
        Assert.InRange(document.Pack().Length, 1, SettingsDocument.MaxPackedBytes / 2);
    }

    [Fact]
    public void Compile_MistakeInEachOfAHundredThousandRoutes_SaysAThousandAndHowManyMore()
    {
        const int Routes = 100_000;
        var settings = new Dictionary<string, string?>();
        for (var route = 0; route < Routes; route++)
        {
            settings[$"ReverseProxy:Routes:route{route}:ClusterId"] = "nowhere";
            settings[$"ReverseProxy:Routes:route{route}:Match:Path"] = $"/tenants/{route}/{{**rest}}";
        }

        var errors = TestDocuments.Compile(settings).Errors;

        Assert.Equal(new ConfigurationError("ReverseProxy:Routes:route0:ClusterId", "there is no cluster 'nowhere'; known: none"), errors[0]);
        Assert.Equal(new ConfigurationError("", "99000 more like these"), errors[^1]);
        Assert.Equal(1_001, errors.Length);
    }

    [Theory]
    [InlineData(5_000, true)]
    [InlineData(10_000, true)]
    [InlineData(10_001, false)]
    public void Compile_ManyDestinationsInOneCluster_AreTakenUpToTheLimit(int count, bool isTaken)
    {
        var settings = new Dictionary<string, string?> { ["ReverseProxy:Clusters:app:LoadBalancingPolicy"] = "ClusterLeastRequests" };
        for (var destination = 0; destination < count; destination++)
            settings[$"ReverseProxy:Clusters:app:Destinations:d{destination}:Address"] = $"http://10.1.{destination / 250}.{destination % 250}/";

        var result = TestDocuments.Compile(settings);

        if (isTaken)
            Assert.Equal(count, result.Configuration!.Snapshot.Pools["app"].Backends.Length);
        else
            Assert.Equal(new ConfigurationError("ReverseProxy:Clusters:app:Destinations", "has 10001 destinations; at most 10000 are allowed"), Assert.Single(result.Errors));
    }
}
