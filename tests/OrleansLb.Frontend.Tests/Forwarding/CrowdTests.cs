using System.Globalization;
using System.Net;
using System.Text;

namespace OrleansLb.Frontend.Tests.Forwarding;

/// <summary>Many requests at once, some of which are given up: no answer is ever another's.</summary>
public sealed class CrowdTests
{
    private const int Clients = 24;
    private const int RequestsOfEach = 40;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Requests_ManyAtOnce_EachGetsItsOwnAnswer(int version)
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(backend);
        using var counters = new ForwardingCounters(frontend);
        using var client = version == 2
            ? new HttpClient { BaseAddress = frontend.Http2, DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact }
            : new HttpClient { BaseAddress = frontend.Http1 };
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(i => Task.Run(() => Ask(client, i), Cancellation)));
        Assert.Empty(counters.Fallbacks);
        Assert.Empty(counters.Refused);
    }

    private static async Task Ask(HttpClient client, int number)
    {
        for (var i = 0; i < RequestsOfEach; i++)
        {
            var text = string.Create(CultureInfo.InvariantCulture, $"{number}/{i} ") + new string('x', (number * 977 * i) % 30_000);
            using var leave = new CancellationTokenSource();
            using var body = new StringContent(text, Encoding.ASCII);
            var asked = client.PostAsync("/echo", body, leave.Token);
            if ((number + i) % 5 == 0)
                await leave.CancelAsync();
            try
            {
                using var answer = await asked;
                Assert.Equal(text, await answer.Content.ReadAsStringAsync(Cancellation));
            }
            catch (OperationCanceledException) when (leave.IsCancellationRequested)
            {
                // This one was given up.
            }
        }
    }
}
