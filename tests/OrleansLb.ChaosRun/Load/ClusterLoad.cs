using OrleansLb.BenchProcesses;
using OrleansLb.Chaos.Load;
using OrleansLb.Chaos.Verdicts;
using OrleansLb.ChaosRun.Stage;

namespace OrleansLb.ChaosRun.Load;

/// <summary>Requests through all front-ends alike at a fixed rate: two fifths free, two fifths with limited keys, twice as many as the limit admits, and one fifth of sessions.</summary>
internal static class ClusterLoad
{
    /// <summary>Requests a second, all together.</summary>
    public const double Rate = 300;

    /// <summary>Permits a second of each key, and how many it may spend at once.</summary>
    public const int KeyLimit = 20;

    /// <summary>What has the key.</summary>
    public const string KeyHeader = "X-Key";

    private const int Keys = 3;
    private const string Mix = "FLFLS";

    private static readonly TimeSpan AdmittedWithin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(50);

    /// <summary>Begins, and waits until every key is admitted: a range that was never used asks every front-end what it knows first.</summary>
    /// <param name="frontends">Whom to ask.</param>
    /// <param name="sessions">The sessions.</param>
    /// <param name="longest">How long at most.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task<OpenLoopLoad> Start(IReadOnlyList<FrontendMember> frontends, Sessions sessions, TimeSpan longest, CancellationToken cancellation)
    {
        Uri[] addresses = [.. frontends.Select(static frontend => frontend.Address)];
        var load = new OpenLoopLoad(Rate, Targets(addresses, sessions), request => Prepare(request, sessions), frontends: addresses, longestRun: longest);
        try
        {
            while (KeysAdmitted(load) < Keys)
            {
                if (load.Elapsed > AdmittedWithin)
                    throw new BenchException($"Not every limited key was admitted within {AdmittedWithin.TotalSeconds:F0} s.");
                await Task.Delay(LookAgainAfter, cancellation);
            }

            return load;
        }
        catch
        {
            await load.DisposeAsync();
            throw;
        }
    }

    private static int KeysAdmitted(OpenLoopLoad load) =>
        load.Outcomes.Where(static outcome => outcome.Status == 200).Select(static outcome => RequestPaths.KeyOf(outcome.Target)).OfType<string>().Distinct().Count();

    /// <summary>So many that every key and every session goes through every front-end.</summary>
    private static List<Uri> Targets(Uri[] frontends, Sessions sessions)
    {
        var targets = new List<Uri>();
        var numbers = Mix.Distinct().ToDictionary(static kind => kind, static _ => 0);
        for (var i = 0; i < Mix.Length * frontends.Length * Keys * Sessions.Count; i++)
        {
            var number = numbers[Mix[i % Mix.Length]]++;
            var (frontend, item) = (frontends[number % frontends.Length], number / frontends.Length);
            targets.Add(new Uri(frontend, Mix[i % Mix.Length] switch
            {
                'L' => FormattableString.Invariant($"{RequestPaths.Limited}{item % Keys}"),
                'S' => FormattableString.Invariant($"{RequestPaths.Session}{sessions.Names[item % Sessions.Count]}"),
                _ => "/",
            }));
        }

        return targets;
    }

    private static void Prepare(HttpRequestMessage request, Sessions sessions)
    {
        if (RequestPaths.KeyOf(request.RequestUri!) is { } key)
            request.Headers.Add(KeyHeader, key);
        if (RequestPaths.SessionOf(request.RequestUri!) is { } session)
            request.Headers.Add("Cookie", sessions.CookieOf(session));
    }
}
