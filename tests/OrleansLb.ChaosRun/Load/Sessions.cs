using System.Globalization;
using OrleansLb.BenchProcesses;
using OrleansLb.Chaos.Verdicts;
using OrleansLb.ChaosRun.Stage;

namespace OrleansLb.ChaosRun.Load;

/// <summary>Clients that keep the cookie that they were given first.</summary>
internal sealed class Sessions
{
    /// <summary>How many.</summary>
    public const int Count = 12;

    private readonly Dictionary<string, string> _cookies = [];
    private readonly Dictionary<string, string> _homes = [];

    public IReadOnlyList<string> Names { get; } = [.. Enumerable.Range(1, Count).Select(static number => number.ToString(CultureInfo.InvariantCulture))];

    /// <summary>The backend at which each began.</summary>
    public IReadOnlyDictionary<string, string> Homes => _homes;

    public string CookieOf(string session) => _cookies[session];

    /// <summary>Begins all of them, through one front-end after the other.</summary>
    public static async Task<Sessions> Begin(IReadOnlyList<FrontendMember> frontends, CancellationToken cancellation)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false });
        var sessions = new Sessions();
        for (var i = 0; i < Count; i++)
            await sessions.Begin(client, sessions.Names[i], frontends[i % frontends.Count].Address, cancellation);
        return sessions;
    }

    private async Task Begin(HttpClient client, string session, Uri frontend, CancellationToken cancellation)
    {
        using var answer = await client.GetAsync(new Uri(frontend, RequestPaths.Session + session), cancellation);
        if (!answer.Headers.TryGetValues("Set-Cookie", out var cookies) || !answer.Headers.TryGetValues("X-Backend", out var backends))
            throw new BenchException($"{frontend} began no session: {(int)answer.StatusCode} without a cookie or a backend.");
        _cookies[session] = cookies.Single().Split(';')[0];
        _homes[session] = backends.Single();
    }
}
