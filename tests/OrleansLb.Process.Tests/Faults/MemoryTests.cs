using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using OrleansLb.Process.Tests.Faults.Figures;
using OrleansLb.Process.Tests.Networks;
using OrleansLb.Process.Tests.Processes;

namespace OrleansLb.Process.Tests.Faults;

/// <summary>F15: clients send more than a front-end has memory for.</summary>
[Collection(NetworkCollection.Name)]
public sealed class MemoryTests(NetworkCluster cluster)
{
    private const string Row = "F15";
    private const int LimitMebibytes = 400;
    private const int Clients = 12_000;
    private const int HeadBytes = 30_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Recovers = TimeSpan.FromSeconds(5);
    private static readonly string Fault = string.Create(CultureInfo.InvariantCulture, $"{Clients:N0} clients send heads of {HeadBytes / 1000} kB without an end to a front-end with {LimitMebibytes} MiB");

    [Fact]
    public async Task MoreThanMemory_RequestsAreRefused_TheLimitIsKept_AndItRecovers()
    {
        var frontend = await cluster.AddFrontend("fe-small", static place => place with
        {
            Launcher = ["env", string.Create(CultureInfo.InvariantCulture, $"OrleansLb__Frontend__MemoryLimit={LimitMebibytes << 20}")],
        });
        await cluster.IsWhole();
        using var over = new CancellationTokenSource();
        var answers = Ask(frontend.Address, over.Token);

        var crowd = await Connect(frontend.Address);
        await Eventually.Holds("requests are refused", Patience, async () => await StatusOf(frontend.Address) is HttpStatusCode.ServiceUnavailable or 0, () => frontend.Output);
        var ready = await cluster.Processes.TryGet(new Uri(frontend.Status, "/readyz"));
        foreach (var client in crowd)
            client.Dispose();
        var left = Stopwatch.GetTimestamp();
        await Eventually.Holds("it serves and is ready", Patience, async () =>
            await StatusOf(frontend.Address) == HttpStatusCode.OK && await cluster.Processes.TryGet(new Uri(frontend.Status, "/readyz")) is not null, () => frontend.Output);
        var recovered = Stopwatch.GetElapsedTime(left);
        await over.CancelAsync();
        var statuses = await answers;

        var most = ProcessMemory.Most(frontend.Id) >> 20;
        var others = statuses.Where(static status => status is not (HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable or 0)).ToList();
        FaultFigures.Say(Row, Fault, "most memory that it had", $"{most} MiB", $"{LimitMebibytes} MiB", "requests from 85 %, connections from 90 %");
        FaultFigures.Say(Row, Fault, "answers of another client: 200, 503, no connection, others", string.Join(", ", Count(HttpStatusCode.OK), Count(HttpStatusCode.ServiceUnavailable), Count(0), others.Count), "others 0", "503 and Retry-After");
        FaultFigures.Say(Row, Fault, "until it serves after they left", $"{recovered.TotalSeconds:F1} s", "5 s");
        Assert.Null(ready);
        Assert.Empty(others);
        // A machine that is busy with other things looks at its memory later.
        Assert.True(most <= LimitMebibytes * 1.2, $"It had {most} MiB.\n{frontend.Output}");
        Assert.True(recovered <= 5 * Recovers, $"It took {recovered}.");
        await cluster.Remove(frontend);
        await cluster.IsWhole();

        int Count(HttpStatusCode status) => statuses.Count(each => each == status);
    }

    private static async Task<List<Socket>> Connect(Uri address)
    {
        var target = new IPEndPoint(IPAddress.Parse(address.Host), address.Port);
        var head = Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: app\r\nX-Fill: " + new string('x', HeadBytes));
        var crowd = new List<Socket>();
        for (var i = 0; i < Clients; i++)
        {
            var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            crowd.Add(client);
            try
            {
                await client.ConnectAsync(target);
                await client.SendAsync(head);
            }
            catch (SocketException)
            {
                // Who finds no room is turned away, which is what is wanted.
            }
        }

        return crowd;
    }

    private static async Task<List<HttpStatusCode>> Ask(Uri address, CancellationToken over)
    {
        var statuses = new List<HttpStatusCode>();
        using var pace = new PeriodicTimer(Pace);
        while (!over.IsCancellationRequested && await pace.WaitForNextTickAsync(CancellationToken.None))
            statuses.Add(await StatusOf(address));
        return statuses;
    }

    /// <summary>What a new connection's request is answered; 0 where the connection ends without an answer.</summary>
    private static async Task<HttpStatusCode> StatusOf(Uri address)
    {
        using var client = new HttpClient { Timeout = Patience };
        try
        {
            using var response = await client.GetAsync(address);
            return response.StatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or SocketException)
        {
            // .NET's client lets the second one through when a connection ends while it looks whom it is to.
            return 0;
        }
    }
}
