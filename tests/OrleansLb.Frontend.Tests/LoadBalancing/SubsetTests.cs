using System.Net;
using OrleansLb.Configuration;

namespace OrleansLb.Frontend.Tests.LoadBalancing;

public sealed class SubsetTests
{
    [Fact]
    public async Task Route_WantsAPart_GoesNowhereElse()
    {
        await using var scene = await Scene.Start(fallsBack: false);

        Assert.Equal(["b"], await scene.Answers());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Route_NobodyOfItsPartIsLeft_Answers503OrFallsBackAsItSays(bool fallsBack)
    {
        await using var scene = await Scene.Start(fallsBack);
        scene.Frontend.Judge(static id => id == "b" ? (false, false) : (true, true));

        Assert.Equal(fallsBack ? ["a", "c"] : [nameof(HttpStatusCode.ServiceUnavailable)], await scene.Answers());
    }

    [Fact]
    public async Task Route_TheOneOfItsPartRefusesTheConnection_IsNotSentToTheOthers()
    {
        await using var scene = await Scene.Start(fallsBack: false);
        await scene.Backends[1].DisposeAsync();

        Assert.DoesNotContain(await scene.Answers(), static answer => answer is "a" or "c");
    }

    private sealed class Scene : IAsyncDisposable
    {
        private readonly HttpClient _client = new();

        public required Backend[] Backends { get; init; }

        public required FrontendHost Frontend { get; init; }

        public static async Task<Scene> Start(bool fallsBack)
        {
            Backend[] backends = [await Backend.Start("a"), await Backend.Start("b"), await Backend.Start("c")];
            var wanted = new RouteSubset([KeyValuePair.Create("id", "b")], fallsBack);
            return new Scene { Backends = backends, Frontend = await FrontendHost.Start(new FrontendHostOptions { Subset = wanted }, backends) };
        }

        /// <summary>Who answers a dozen requests, or the status of those that nobody answers.</summary>
        public async Task<string[]> Answers()
        {
            var answers = new HashSet<string>();
            for (var i = 0; i < 12; i++)
            {
                using var response = await _client.GetAsync(new Uri(Frontend.Http1, "/id"), TestContext.Current.CancellationToken);
                answers.Add(response.IsSuccessStatusCode ? await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken) : $"{response.StatusCode}");
            }

            return [.. answers.Order()];
        }

        public async ValueTask DisposeAsync()
        {
            _client.Dispose();
            await Frontend.DisposeAsync();
            foreach (var backend in Backends)
                await backend.DisposeAsync();
        }
    }
}
