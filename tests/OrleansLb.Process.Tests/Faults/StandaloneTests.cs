using System.Net;
using System.Net.Sockets;
using OrleansLb.Process.Tests.Processes;

namespace OrleansLb.Process.Tests.Faults;

public sealed class StandaloneTests
{
    private static readonly TimeSpan ExitLimit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Start_WithoutConfiguration_AnswersThroughTheProxyWithinTenSeconds()
    {
        var (proxy, status) = (Ports.Next(), Ports.Next());
        await using var standalone = Start(proxy, status);
        using var client = new HttpClient();

        var took = await Eventually.Holds("the first proxied answer", TimeSpan.FromSeconds(60), async () => await Get(client, proxy) == HttpStatusCode.OK, () => standalone.Output);

        TestContext.Current.SendDiagnosticMessage($"first proxied answer after {took.TotalSeconds:F1} s");
        Assert.True(took < TimeSpan.FromSeconds(10), $"It took {took}.");
        Assert.Contains("Try next", standalone.Output, StringComparison.Ordinal);
        standalone.Signal(PosixSignals.Terminate);
        Assert.Equal(0, await standalone.WaitForExit(ExitLimit));
    }

    [Fact]
    public async Task Terminate_RequestInFlight_ReadinessFailsAndTheRequestIsAnswered()
    {
        var (proxy, status) = (Ports.Next(), Ports.Next());
        await using var standalone = Start(proxy, status);
        using var client = new HttpClient();
        await Eventually.Holds("the first proxied answer", TimeSpan.FromSeconds(60), async () => await Get(client, proxy) == HttpStatusCode.OK, () => standalone.Output);

        var slow = client.GetAsync(new Uri($"http://127.0.0.1:{proxy}/delay/3000"), TestContext.Current.CancellationToken);
        await Eventually.Holds("the slow request is in flight", TimeSpan.FromSeconds(10), async () =>
            await TryGet(client, $"http://127.0.0.1:{status}/api/v1/status") is { } document && document.Contains("\"requests\":1", StringComparison.Ordinal), () => standalone.Output);
        standalone.Signal(PosixSignals.Terminate);
        await Eventually.Holds("readiness fails", TimeSpan.FromSeconds(3), async () => await GetStatusCode(client, $"http://127.0.0.1:{status}/readyz") == HttpStatusCode.ServiceUnavailable, () => standalone.Output);

        using var response = await slow;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(0, await standalone.WaitForExit(ExitLimit));
    }

    [Fact]
    public async Task Start_PortInUse_EndsWithOneLineAndExitCodeOne()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var standalone = Start(((IPEndPoint)listener.LocalEndpoint).Port, Ports.Next());

        Assert.Equal(1, await standalone.WaitForExit(ExitLimit));
        AssertOneReason(standalone);
    }

    [Fact]
    public async Task Start_SiloPortOfAnotherSilo_EndsWithOneLineAndExitCodeOne()
    {
        var siloPort = Ports.Next();
        await using var first = Start(Ports.Next(), Ports.Next(), siloPort);
        await Eventually.Holds("the first has started", TimeSpan.FromSeconds(60), () => Task.FromResult(first.Output.Contains("Try next", StringComparison.Ordinal)), () => first.Output);
        await using var second = Start(Ports.Next(), Ports.Next(), siloPort);

        Assert.Equal(1, await second.WaitForExit(ExitLimit));
        AssertOneReason(second);
        Assert.Contains($"{siloPort}", second.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_ConfigurationWithErrors_EndsWithEveryOneOfThemAndExitCodeOne()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(
            file,
            """{ "ReverseProxy": { "Clusters": { "app": { "LoadBalancingPolicy": "Nonsense", "Destinations": { "x": { "Address": "not an address" } } } } } }""",
            TestContext.Current.CancellationToken);
        await using var standalone = new ProductProcess("standalone", Executables.Standalone, ["--config", file]);

        Assert.Equal(1, await standalone.WaitForExit(ExitLimit));
        Assert.Contains("ReverseProxy:Clusters:app:LoadBalancingPolicy", standalone.Output, StringComparison.Ordinal);
        Assert.Contains("ReverseProxy:Clusters:app:Destinations:x", standalone.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", standalone.Output, StringComparison.Ordinal);
        File.Delete(file);
    }

    [Theory]
    [InlineData(1, "--config", "/nowhere/orleanslb.json")]
    [InlineData(2, "--no-such-option")]
    [InlineData(0, "--help")]
    [InlineData(0, "--version")]
    public async Task Start_Arguments_EndWithTheirExitCode(int expected, params string[] arguments)
    {
        await using var process = new ProductProcess("standalone", Executables.Standalone, arguments);

        Assert.Equal(expected, await process.WaitForExit(ExitLimit));
        Assert.DoesNotContain("   at ", process.Output, StringComparison.Ordinal);
        Assert.NotEqual("", process.Output.Trim());
    }

    private static void AssertOneReason(ProductProcess process)
    {
        Assert.DoesNotContain("   at ", process.Output, StringComparison.Ordinal);
        Assert.Single(process.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries), static line => line.StartsWith("OrleansLb.Standalone:", StringComparison.Ordinal));
    }

    private static ProductProcess Start(int proxy, int status, int? siloPort = null) =>
        new("standalone", Executables.Standalone, [], new Dictionary<string, string>
        {
            ["OrleansLb__Frontend__Urls"] = $"http://127.0.0.1:{proxy}",
            ["OrleansLb__Status__Url"] = $"http://127.0.0.1:{status}",
            ["OrleansLb__Cluster__SiloPort"] = $"{siloPort ?? Ports.Next()}",
            ["OrleansLb__Cluster__GatewayPort"] = $"{Ports.Next()}",
        });

    private static async Task<HttpStatusCode> Get(HttpClient client, int port) => await GetStatusCode(client, $"http://127.0.0.1:{port}/");

    private static async Task<HttpStatusCode> GetStatusCode(HttpClient client, string address)
    {
        try
        {
            using var response = await client.GetAsync(new Uri(address));
            return response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return 0;
        }
    }

    private static async Task<string?> TryGet(HttpClient client, string address)
    {
        try
        {
            return await client.GetStringAsync(new Uri(address));
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
