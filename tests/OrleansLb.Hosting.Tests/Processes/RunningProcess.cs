using System.Net;

namespace OrleansLb.Hosting.Tests.Processes;

/// <summary>A test process that answers.</summary>
internal sealed record RunningProcess(ChildProcess Child, HttpClient Status, HttpClient Data) : IAsyncDisposable
{
    public static async Task WaitForReadyAsync(HttpClient status)
    {
        using var patience = Patience();
        while (await ReadinessAsync(status, patience.Token) != HttpStatusCode.OK)
            await Task.Yield();
    }

    public async Task WaitForNotReadyAsync()
    {
        using var patience = Patience();
        while (await ReadinessAsync(Status, patience.Token) == HttpStatusCode.OK)
            await Task.Yield();
    }

    public async Task WaitForSettingAsync(string key, string value)
    {
        using var patience = Patience();
        while (await Status.GetStringAsync($"/test/setting/{key}", patience.Token) != value)
            await Task.Yield();
    }

    public async ValueTask DisposeAsync()
    {
        Status.Dispose();
        Data.Dispose();
        await Child.DisposeAsync();
    }

    private static CancellationTokenSource Patience() => new(TimeSpan.FromSeconds(60));

    private static async Task<HttpStatusCode> ReadinessAsync(HttpClient status, CancellationToken cancellationToken)
    {
        using var response = await status.GetAsync("/readyz", cancellationToken);
        return response.StatusCode;
    }
}
