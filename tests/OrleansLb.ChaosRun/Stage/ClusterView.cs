using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OrleansLb.ChaosRun.Stage;

/// <summary>Asks every process how it is.</summary>
internal sealed class ClusterView(ChaosStage stage) : IDisposable
{
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(50);

    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(2) };

    private long _version;

    /// <summary>Waits until nothing is missing.</summary>
    /// <param name="bound">How long at most.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>What was missing when the bound had passed; empty when nothing was.</returns>
    public async Task<string> BecomesWhole(TimeSpan bound, CancellationToken cancellation)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var missing = await Missing(cancellation);
            if (missing.Length == 0 || TimeProvider.System.GetElapsedTime(began) > bound)
                return missing;
            await Task.Delay(LookAgainAfter, cancellation);
        }
    }

    /// <summary>From now on, only a cluster with a newer configuration than so far is whole.</summary>
    /// <returns>Its version.</returns>
    public long ExpectNextVersion() => ++_version;

    /// <summary>The version of the configuration that the first silo tells that knows it.</summary>
    public async Task<long?> Version(CancellationToken cancellation)
    {
        foreach (var silo in stage.Silos)
        {
            if (await Status(silo, cancellation) is { } status)
                return status["version"]!.GetValue<long>();
        }

        return null;
    }

    public void Dispose() => _client.Dispose();

    /// <summary>What is missing in what each silo tells and in what Redis keeps, and who is not ready.</summary>
    private async Task<string> Missing(CancellationToken cancellation)
    {
        foreach (var silo in stage.Silos)
        {
            if (await Status(silo, cancellation) is not { } status)
                return $"{silo.Process.Name} does not say how the cluster is";
            if (stage.Whole.Missing(status, _version) is { Length: > 0 } missing)
                return $"{silo.Process.Name} says that {missing}";
            _version = Math.Max(_version, status["version"]!.GetValue<long>());
        }

        foreach (var frontend in stage.Frontends)
        {
            if (await Get(new Uri(frontend.Status, "/readyz"), cancellation) is null)
                return $"{frontend.Process.Name} is not ready";
        }

        var rows = await stage.Redis.Rows(cancellation);
        return rows < stage.Silos.Count ? FormattableString.Invariant($"Redis knows {rows} silos") : "";
    }

    private async Task<JsonNode?> Status(SiloMember silo, CancellationToken cancellation)
    {
        try
        {
            return await Get(new Uri(silo.Status, "/api/v1/status"), cancellation) is { } text ? JsonNode.Parse(text) : null;
        }
        catch (JsonException)
        {
            // It was killed while it spoke.
            return null;
        }
    }

    private async Task<string?> Get(Uri address, CancellationToken cancellation)
    {
        try
        {
            using var answer = await _client.GetAsync(address, cancellation);
            return answer.StatusCode == HttpStatusCode.OK ? await answer.Content.ReadAsStringAsync(cancellation) : null;
        }
        catch (Exception exception) when (exception is HttpRequestException || (exception is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return null;
        }
    }
}
