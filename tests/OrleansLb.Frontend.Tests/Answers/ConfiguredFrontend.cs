using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using OrleansLb.Configuration;
using OrleansLb.Core.Configuration;

namespace OrleansLb.Frontend.Tests.Answers;

/// <summary>Front-ends that serve what a file says, without a cluster that has it.</summary>
internal static class ConfiguredFrontend
{
    internal static async Task<FrontendHost> Start(FrontendHostOptions options, params (string Key, string? Value)[] settings)
    {
        var frontend = await FrontendHost.Start(options, new Dictionary<string, string>());
        await frontend.Apply(settings);
        return frontend;
    }

    /// <summary>Puts other settings of the whole cluster into force.</summary>
    internal static async Task Apply(this FrontendHost frontend, params (string Key, string? Value)[] settings)
    {
        using var compiler = new ConfigurationCompiler();
        var compiled = compiler.Compile(
            SettingsDocument.FromSettings(settings.Select(static setting => KeyValuePair.Create(setting.Key.StartsWith("OrleansLb:", StringComparison.Ordinal) ? setting.Key : $"ReverseProxy:{setting.Key}", setting.Value))), version: 2, GenerationLedger.Empty, FrontendHost.Ring);
        Assert.Empty(compiled.Errors);
        await frontend.Apply(compiled.Configuration!);
    }

    /// <summary>Counts what one of its instruments measures from now on.</summary>
    internal static MetricCollector<long> Collect(this FrontendHost frontend, string meter, string instrument) =>
        new(frontend.Services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>(), meter, instrument);
}
