using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Hosting.Lifetime;

namespace OrleansLb.Frontend.Tests.Draining;

public sealed class FarewellTests
{
    [Fact]
    public async Task Draining_EachAnswerEndsItsConnection_AlsoOneThatIsMadeHere()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(backend);
        using var client = new HttpClient();
        Assert.Null((await Get(client, frontend.Http1, "/id")).ConnectionClose);

        frontend.Services.GetRequiredService<DrainState>().TryBegin(null);

        Assert.True((await Get(client, frontend.Http1, "/id")).ConnectionClose);
        Assert.True((await Get(client, frontend.Http1, "/%00")).ConnectionClose);
    }

    [Fact]
    public async Task Draining_OverHttp2_NothingIsSaid()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(backend);
        using var client = new HttpClient { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };

        frontend.Services.GetRequiredService<DrainState>().TryBegin(null);

        Assert.Null((await Get(client, frontend.Http2, "/id")).ConnectionClose);
    }

    private static async Task<System.Net.Http.Headers.HttpResponseHeaders> Get(HttpClient client, Uri address, string path)
    {
        using var answer = await client.GetAsync(new Uri(address, path), TestContext.Current.CancellationToken);
        return answer.Headers;
    }
}
