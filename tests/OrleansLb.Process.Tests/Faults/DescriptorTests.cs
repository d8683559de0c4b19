using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using OrleansLb.Process.Tests.Faults.Figures;
using OrleansLb.Process.Tests.Networks;
using OrleansLb.Process.Tests.Processes;

namespace OrleansLb.Process.Tests.Faults;

/// <summary>F14: more clients connect than a front-end has descriptors for.</summary>
[Collection(NetworkCollection.Name)]
public sealed class DescriptorTests(NetworkCluster cluster)
{
    private const string Row = "F14";
    private const int Descriptors = 1024;
    private const int Clients = 3_000;
    private const double TicksPerSecond = 100;
    private const int Reserve = 64;
    private const double MostLoad = 0.2;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    // Little enough that the processor's time tells whether something spins.
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Looked = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Recovers = TimeSpan.FromSeconds(1);
    private static readonly string Fault = $"{Clients} clients, {Descriptors} descriptors";

    [Fact]
    public async Task MoreClientsThanDescriptors_EstablishedOnesAreServed_StatusAnswers_AndItRecovers()
    {
        var frontend = await cluster.AddFrontend("fe-few", place => place with { Launcher = ["prlimit", $"--nofile={Descriptors}:{Descriptors}"] });
        await cluster.IsWhole();
        using var over = new CancellationTokenSource();
        using var one = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 1 });
        var (served, failed) = (0, 0);
        var established = Task.Run(async () =>
        {
            using var pace = new PeriodicTimer(Pace);
            while (!over.IsCancellationRequested && await pace.WaitForNextTickAsync(CancellationToken.None))
                _ = await Answers(one, frontend.Address) ? Interlocked.Increment(ref served) : Interlocked.Increment(ref failed);
        }, TestContext.Current.CancellationToken);
        await Eventually.Holds("one client is served", Patience, () => Task.FromResult(Volatile.Read(ref served) > 10));

        var crowd = await Connect(frontend.Address, Clients);
        var servedBefore = Volatile.Read(ref served);
        await Eventually.Holds("the established one is still served", Patience, () => Task.FromResult(Volatile.Read(ref served) > servedBefore + 10), () => frontend.Output);
        var (crowdFrom, load, answered) = (Stopwatch.GetTimestamp(), double.MaxValue, 0);
        // One that was just started compiles for some seconds what it does then for the first time; one that spins does not come to rest.
        while (load > MostLoad && Stopwatch.GetElapsedTime(crowdFrom) < Patience)
        {
            (load, var answers) = await Look(frontend);
            answered += answers;
        }

        var rested = Stopwatch.GetElapsedTime(crowdFrom);
        var open = Directory.GetFiles($"/proc/{frontend.Id}/fd").Length;

        foreach (var client in crowd)
            client.Dispose();
        var left = Stopwatch.GetTimestamp();
        await Eventually.Holds("a new client is served", Patience, () => IsServedAnew(frontend.Address), () => frontend.Output);
        var recovered = Stopwatch.GetElapsedTime(left);
        await over.CancelAsync();
        await established;

        FaultFigures.Say(Row, Fault, "requests of an established connection that failed", $"{failed} of {served + failed}", "0");
        FaultFigures.Say(Row, Fault, "descriptors in use", $"{open}", $"{Descriptors - Reserve}", "45 % are for clients");
        FaultFigures.Say(Row, Fault, "answers of the status server meanwhile", $"all {answered}", "all");
        FaultFigures.Say(Row, Fault, "processor time meanwhile", string.Create(CultureInfo.InvariantCulture, $"{load:P0} of a core after {rested.TotalSeconds:F0} s"), "20 %", "no spin");
        FaultFigures.Say(Row, Fault, "until a new client is served after they left", $"{recovered.TotalMilliseconds:F0} ms", "1 s");
        Assert.Equal(0, failed);
        Assert.True(open <= Descriptors - Reserve, $"{open} descriptors are open.");
        Assert.True(load <= MostLoad, $"{load:P0} of a core is used while nearly nobody asks.");
        Assert.True(recovered <= 5 * Recovers, $"It took {recovered}.");
        Assert.False(frontend.HasExited, frontend.Output);
        await cluster.Remove(frontend);
        await cluster.IsWhole();
    }

    /// <summary>Looks for a while: how much of a core is used, and how often the status server answers.</summary>
    private async Task<(double Load, int Answers)> Look(FrontendProcess frontend)
    {
        var (from, ticks, answers) = (Stopwatch.GetTimestamp(), TicksOf(frontend), 0);
        using var asking = new PeriodicTimer(Pace);
        while (Stopwatch.GetElapsedTime(from) < Looked && await asking.WaitForNextTickAsync(TestContext.Current.CancellationToken))
            answers += await cluster.Processes.TryGet(new Uri(frontend.Status, "/readyz")) is null ? throw new InvalidOperationException($"The status server does not answer.\n{frontend.Output}") : 1;
        return ((TicksOf(frontend) - ticks) / TicksPerSecond / Stopwatch.GetElapsedTime(from).TotalSeconds, answers);
    }

    private static async Task<List<Socket>> Connect(Uri address, int count)
    {
        var target = new IPEndPoint(IPAddress.Parse(address.Host), address.Port);
        var crowd = new List<Socket>();
        for (var i = 0; i < count; i++)
        {
            var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            crowd.Add(client);
            // Who finds no room is turned away or waits; both are fine, and neither is waited for.
            _ = client.ConnectAsync(target).ContinueWith(static ended => ended.Exception, TaskScheduler.Default);
            if (i % 100 == 99)
                await Task.Yield();
        }

        await Eventually.Holds("some are connected", Patience, () => Task.FromResult(crowd.Count(static client => client.Connected) >= count / 10));
        return crowd;
    }

    private static async Task<bool> IsServedAnew(Uri address)
    {
        using var client = new HttpClient { Timeout = Recovers };
        return await Answers(client, address);
    }

    private static async Task<bool> Answers(HttpClient client, Uri address)
    {
        try
        {
            using var response = await client.GetAsync(address);
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    private static long TicksOf(FrontendProcess frontend) => ThreadTimes.Of(frontend.Id).Values.Sum();
}
