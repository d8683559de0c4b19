using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Hosting.CommandLine;
using OrleansLb.Hosting.Lifetime;
using OrleansLb.Hosting.Status;

namespace OrleansLb.Hosting.Tests.Status;

/// <summary>A process' host inside the test, on ports that the system chooses.</summary>
internal sealed class StatusHost : IAsyncDisposable
{
    private StatusHost(WebApplication application)
    {
        Application = application;
        // One that listens on all addresses is reached by loopback.
        var address = new UriBuilder(application.Services.GetRequiredService<StatusServer>().Address!) { Host = "127.0.0.1" };
        Client = new HttpClient { BaseAddress = address.Uri };
    }

    public WebApplication Application { get; }

    public HttpClient Client { get; }

    public static WebApplication Build(Action<IServiceCollection>? add = null, params string[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        var description = new ProcessDescription { Name = "status-host", Summary = "Tests." };
        builder.AddOrleansLbProcess(new ProcessStart(description, null, ["--OrleansLb:Status:Url=http://127.0.0.1:0", "--Logging:LogLevel:OrleansLb=Warning", .. settings]));
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.IgnoreSignals();
        add?.Invoke(builder.Services);
        var application = builder.Build();
        application.MapGet("/", static () => "data");
        return application;
    }

    public static async Task<StatusHost> StartAsync(Action<IServiceCollection>? add = null, params string[] settings)
    {
        var application = Build(add, settings);
        await application.StartAsync(TestContext.Current.CancellationToken);
        return new StatusHost(application);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Application.StopAsync();
        await Application.DisposeAsync();
    }
}
