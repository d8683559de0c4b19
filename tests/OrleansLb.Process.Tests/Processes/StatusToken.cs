using System.Net.Http.Headers;

namespace OrleansLb.Process.Tests.Processes;

/// <summary>The token by which tests ask silos off loopback.</summary>
internal static class StatusToken
{
    private const string Text = "olb_tests-ask-silos-off-loopback-by-this";

    /// <summary>The file by which silos know it.</summary>
    public static string File { get; } = Path.Combine(AppContext.BaseDirectory, "Processes", "status-tokens.txt");

    /// <summary>Has a client show it.</summary>
    public static HttpClient GiveTo(HttpClient client)
    {
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Text);
        return client;
    }
}
