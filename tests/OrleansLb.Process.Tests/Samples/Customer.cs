using System.Net;

namespace OrleansLb.Process.Tests.Samples;

/// <summary>One who shops in the sample with a browser of their own, now through one front-end and now through another.</summary>
internal sealed class Customer : IDisposable
{
    private readonly HttpClient _browser = new(new SocketsHttpHandler { CookieContainer = new CookieContainer() }) { Timeout = TimeSpan.FromSeconds(20) };

    /// <summary>The server that answered last.</summary>
    public string Server { get; private set; } = "";

    public Task<string> Add(Uri frontend, string item) => Ask(HttpMethod.Post, new Uri(frontend, $"cart/{item}"));

    public Task<string> Look(Uri frontend) => Ask(HttpMethod.Get, new Uri(frontend, "cart"));

    public Task<string> CheckOut(Uri frontend) => Ask(HttpMethod.Post, new Uri(frontend, "checkout"));

    public void Dispose() => _browser.Dispose();

    private async Task<string> Ask(HttpMethod method, Uri address)
    {
        using var request = new HttpRequestMessage(method, address);
        using var response = await _browser.SendAsync(request, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
        var words = (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Trim().Split(": ");
        Server = words[0];
        return words[1];
    }
}
