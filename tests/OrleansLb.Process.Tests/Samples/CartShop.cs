using System.Text.Json.Nodes;
using OrleansLb.Process.Tests.Processes;

namespace OrleansLb.Process.Tests.Samples;

/// <summary>The sample of a shop, started as its README says: two servers, a cluster of one, and a second front-end of it.</summary>
internal sealed class CartShop : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orleanslb");
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };
    private readonly Dictionary<string, int> _ports = new() { ["shop-1"] = Ports.Next(), ["shop-2"] = Ports.Next() };
    private readonly Dictionary<string, ProductProcess> _servers = [];
    private readonly int _gateway = Ports.Next();
    private readonly Uri _status = Loopback(Ports.Next());
    private readonly ProductProcess _standalone;
    private ProductProcess _second;

    private CartShop()
    {
        foreach (var name in _ports.Keys)
            _servers[name] = StartServer(name);
        _standalone = new ProductProcess("standalone", Executables.Standalone, ["--config", WriteConfiguration()], new Dictionary<string, string>
        {
            ["OrleansLb__Frontend__Urls"] = $"{Frontends[0]}",
            ["OrleansLb__Status__Url"] = $"{_status}",
            ["OrleansLb__Cluster__SiloPort"] = $"{Ports.Next()}",
            ["OrleansLb__Cluster__GatewayPort"] = $"{_gateway}",
        }, _folder.FullName);
        _second = StartSecond();
    }

    public Uri[] Frontends { get; } = [Loopback(Ports.Next()), Loopback(Ports.Next())];

    public static async Task<CartShop> Open()
    {
        var shop = new CartShop();
        await shop.IsOpen();
        return shop;
    }

    /// <summary>Stops the second front-end in good order and starts it again.</summary>
    public async Task RestartSecondFrontend()
    {
        await Stop(_second);
        _second = StartSecond();
        await IsOpen();
    }

    /// <summary>Drains a server, and waits until both front-ends have heard of it, which takes an exchange.</summary>
    public async Task Drain(string server)
    {
        await Decide(server, "drain?timeout=00:00:30");
        foreach (var frontend in Frontends)
            await Eventually.Holds($"{frontend} sends nobody new to {server}", Patience, async () => !await SendsNewcomers(frontend, server), () => $"{_standalone.Output}\n{_second.Output}");
    }

    public Task IsDrained(string server) => Shows(server, "Drained");

    /// <summary>Stops a drained server, starts its next version and gives it traffic.</summary>
    public async Task Replace(string server)
    {
        await Stop(_servers[server]);
        _servers[server] = StartServer(server);
        await Decide(server, "activate");
        await Shows(server, "Up");
        await IsOpen();
    }

    /// <summary>Ends a server without a chance to say goodbye.</summary>
    public Task Kill(string server) => _servers[server].Kill();

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _servers.Values.Append(_second).Append(_standalone))
            await process.DisposeAsync();
        _http.Dispose();
        _folder.Delete(recursive: true);
    }

    private static Uri Loopback(int port) => new($"http://127.0.0.1:{port}/");

    private async Task IsOpen()
    {
        foreach (var address in _ports.Values.Select(Loopback).Concat(Frontends))
            await Eventually.Holds($"{address} answers", Patience, () => Answers(new Uri(address, "health")), () => $"{_standalone.Output}\n{_second.Output}");
    }

    private async Task<bool> Answers(Uri address)
    {
        try
        {
            using var response = await _http.GetAsync(address, TestContext.Current.CancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>Whether one of so many goes there that by chance none would once in 4,096 times.</summary>
    private static async Task<bool> SendsNewcomers(Uri frontend, string server)
    {
        for (var number = 0; number < 12; number++)
        {
            using var newcomer = new Customer();
            await newcomer.Look(frontend);
            if (newcomer.Server == server)
                return true;
        }

        return false;
    }

    private async Task Decide(string server, string verb)
    {
        using var response = await _http.PostAsync(new Uri(_status, $"api/v1/pools/shop/backends/{server}/{verb}"), content: null, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
    }

    private Task<TimeSpan> Shows(string server, string state) => Eventually.Holds(
        $"{server} is {state}",
        Patience,
        async () => JsonNode.Parse(await _http.GetStringAsync(new Uri(_status, "api/v1/status"), TestContext.Current.CancellationToken))!.StateOf("shop", server) == state,
        () => _standalone.Output);

    private ProductProcess StartServer(string name) => new(
        name, Executables.Cart, ["--Name", name, "--urls", $"{Loopback(_ports[name])}"], new Dictionary<string, string> { ["HOME"] = _folder.FullName }, _folder.FullName);

    private ProductProcess StartSecond() => new("second", Executables.Frontend, [], new Dictionary<string, string>
    {
        ["OrleansLb__Frontend__Id"] = "second",
        ["OrleansLb__Frontend__Urls"] = $"{Frontends[1]}",
        ["OrleansLb__Frontend__DataDirectory"] = Path.Combine(_folder.FullName, "second"),
        ["OrleansLb__Status__Url"] = $"{Loopback(Ports.Next())}",
        ["OrleansLb__Cluster__GatewayPort"] = $"{_gateway}",
    }, _folder.FullName);

    private static async Task Stop(ProductProcess process)
    {
        process.Signal(PosixSignals.Terminate);
        Assert.Equal(0, await process.WaitForExit(Patience));
        await process.DisposeAsync();
    }

    /// <summary>The sample's own configuration, for the ports that the servers have here.</summary>
    private string WriteConfiguration()
    {
        var settings = JsonNode.Parse(File.ReadAllText(Path.Combine(Path.GetDirectoryName(Executables.Cart)!, "orleanslb.json")))!;
        foreach (var (name, port) in _ports)
            settings["ReverseProxy"]!["Clusters"]!["shop"]!["Destinations"]![name]!["Address"] = $"{Loopback(port)}";
        var file = Path.Combine(_folder.FullName, "orleanslb.json");
        File.WriteAllText(file, settings.ToJsonString());
        return file;
    }
}
