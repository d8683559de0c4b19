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
}
