using System.Net;
using System.Text.Json.Nodes;
using OrleansLb.Process.Tests.Processes;

namespace OrleansLb.Process.Tests.Samples;

/// <summary>The sample of an application with the cluster's limits, run as its README says.</summary>
public sealed class LimitedApiTests
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Run_FrontendAndApplication_SpendOneBucket()
    {
        var (proxy, gateway, application) = (Ports.Next(), Ports.Next(), Ports.Next());
        var folder = Directory.CreateTempSubdirectory("orleanslb");
        await using var standalone = new ProductProcess("standalone", Executables.Standalone, ["--config", Configuration(folder.FullName, application)], new Dictionary<string, string>
        {
            ["OrleansLb__Frontend__Urls"] = $"http://127.0.0.1:{proxy}",
            ["OrleansLb__Status__Url"] = $"http://127.0.0.1:{Ports.Next()}",
            ["OrleansLb__Cluster__SiloPort"] = $"{Ports.Next()}",
            ["OrleansLb__Cluster__GatewayPort"] = $"{gateway}",
        }, folder.FullName);
        string Output() => standalone.Output;
        await Eventually.Holds("the cluster has started", StartLimit, () => Task.FromResult(standalone.Output.Contains("stands alone", StringComparison.Ordinal)), Output);
        await using var sample = new ProductProcess(
            "sample", Executables.LimitedApi, ["--urls", $"http://127.0.0.1:{application}", "--Gateway", $"{gateway}"], workingDirectory: folder.FullName);
        using var client = new HttpClient();
        await Eventually.Holds("the application knows the policy", StartLimit, async () => await Get(client, application, "orders", "someone") == HttpStatusCode.OK, () => sample.Output);
        await Eventually.Holds("the front-end forwards", StartLimit, async () => await Get(client, proxy, "catalogue", "someone") == HttpStatusCode.OK, Output);

        for (var i = 0; i < 3; i++)
            Assert.Equal(HttpStatusCode.OK, await Get(client, proxy, "catalogue", "4711"));
        for (var i = 0; i < 2; i++)
            Assert.Equal(HttpStatusCode.OK, await Get(client, application, "orders", "4711"));
        Assert.Equal(HttpStatusCode.OK, await Get(client, application, "export", "4711"));

        // A token comes back every 10 s; five do not until long after this.
        Assert.Equal(HttpStatusCode.TooManyRequests, await Get(client, application, "export", "4711"));
        sample.Signal(PosixSignals.Terminate);
        Assert.Equal(0, await sample.WaitForExit(StartLimit));
        standalone.Signal(PosixSignals.Terminate);
        Assert.Equal(0, await standalone.WaitForExit(StartLimit));
        folder.Delete(recursive: true);
    }

    /// <summary>The sample's own configuration, for the port that the application has here.</summary>
    private static string Configuration(string folder, int application)
    {
        var settings = JsonNode.Parse(File.ReadAllText(Path.Combine(Path.GetDirectoryName(Executables.LimitedApi)!, "orleanslb.json")))!;
        settings["ReverseProxy"]!["Clusters"]!["shop"]!["Destinations"]!["shop-1"]!["Address"] = $"http://127.0.0.1:{application}/";
        var file = Path.Combine(folder, "orleanslb.json");
        File.WriteAllText(file, settings.ToJsonString());
        return file;
    }

    private static async Task<HttpStatusCode> Get(HttpClient client, int port, string path, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{port}/{path}") { Headers = { { "X-Api-Key", key } } };
        try
        {
            using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return 0;
        }
    }
}
