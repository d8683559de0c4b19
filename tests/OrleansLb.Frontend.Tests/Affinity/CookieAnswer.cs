using System.Net;

namespace OrleansLb.Frontend.Tests.Affinity;

/// <summary>What a client with cookies of its own choice was answered.</summary>
internal sealed record CookieAnswer(HttpStatusCode Status, string Body, string? SetCookie)
{
    /// <summary>The cookie as the client sends it back.</summary>
    internal string? Cookie => SetCookie?.Split(';')[0];

    internal static async Task<CookieAnswer> Get(HttpClient client, Uri uri, string? cookie, string? host = null)
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        request.Headers.Host = host;
        if (cookie is not null)
            request.Headers.Add("Cookie", cookie);
        using var response = await client.SendAsync(request, cancellation);
        var setCookie = response.Headers.TryGetValues("Set-Cookie", out var values) ? values.Single() : null;
        return new CookieAnswer(response.StatusCode, await response.Content.ReadAsStringAsync(cancellation), setCookie);
    }
}
