using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansLb.Core;
using OrleansLb.Frontend.Http.Hosting;

namespace OrleansLb.Frontend.Http.Authentication;

/// <summary>Looks for new files and keys, and says at the start what is unwise.</summary>
internal sealed class AuthenticationWatcher(
    AuthenticationPolicies policies,
    IOptions<EdgeAuthenticationOptions> options,
    IOptions<HttpFrontendOptions> frontend,
    [FromKeyedServices(Clocks.Key)] TimeProvider clock,
    ILogger<AuthenticationWatcher> logger) : BackgroundService
{
    internal static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        WarnOfPasswords();
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            foreach (var watched in policies.Watched)
                watched.Look();
            await Task.Delay(Period, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void WarnOfPasswords()
    {
        var open = frontend.Value.Urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .FirstOrDefault(static url => string.Equals(BindingAddress.Parse(url).Scheme, Uri.UriSchemeHttp, StringComparison.OrdinalIgnoreCase));
        if (open is null)
            return;
        foreach (var (name, _) in options.Value.Policies.Where(static policy => policy.Value.Type == AuthenticationType.Basic))
            SourceLog.PasswordsWithoutTls(logger, name, open);
    }
}
