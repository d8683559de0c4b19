using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using OrleansLb.Hosting.Lifetime;

namespace OrleansLb.Hosting.Tests.Lifetime;

public sealed class DrainingLifetimeTests : IDisposable
{
    private readonly ApplicationLifetime _application = new(NullLogger<ApplicationLifetime>.Instance);
    private readonly FakeTimeProvider _time = new();
    private readonly DrainState _drain = new();
    private readonly List<int> _exits = [];
    private readonly CountingReloadable _reloadable = new();
    private readonly DrainingLifetime _lifetime;

    public DrainingLifetimeTests()
    {
        var services = new ServiceCollection().AddSingleton<IReloadable>(_reloadable).BuildServiceProvider();
        var options = Options.Create(new LifetimeOptions { ReadinessGrace = TimeSpan.FromSeconds(5) });
        _lifetime = new DrainingLifetime(_drain, _application, options, services, _time, NullLogger<DrainingLifetime>.Instance) { Exit = _exits.Add };
    }

    [Fact]
    public async Task Stop_Running_DrainsForTheGraceBeforeStopping()
    {
        _application.NotifyStarted();

        _lifetime.Stop(PosixSignal.SIGTERM);

        Assert.True(_drain.IsDraining);
        Assert.True(_drain.Draining.IsCancellationRequested);
        Assert.Equal(PosixSignal.SIGTERM, _drain.Signal);
        _time.Advance(TimeSpan.FromSeconds(5) - TimeSpan.FromTicks(1));
        Assert.False(_application.ApplicationStopping.IsCancellationRequested);

        _time.Advance(TimeSpan.FromTicks(1));
        await _lifetime.Drained;
        Assert.True(_application.ApplicationStopping.IsCancellationRequested);
        Assert.Empty(_exits);
    }

    [Fact]
    public async Task Stop_Starting_StopsWithoutGrace()
    {
        _lifetime.Stop(PosixSignal.SIGINT);

        await _lifetime.Drained;
        Assert.True(_application.ApplicationStopping.IsCancellationRequested);
    }

    [Theory]
    [InlineData(PosixSignal.SIGINT, 130)]
    [InlineData(PosixSignal.SIGQUIT, 131)]
    [InlineData(PosixSignal.SIGTERM, 143)]
    public void Stop_Twice_ExitsWithTheSecondSignal(PosixSignal second, int exitCode)
    {
        _application.NotifyStarted();

        _lifetime.Stop(PosixSignal.SIGTERM);
        _time.Advance(TimeSpan.FromMilliseconds(100));
        _lifetime.Stop(second);

        Assert.Equal([exitCode], _exits);
    }

    [Fact]
    public void Stop_EchoOfTheSameSignal_IsOneRequest()
    {
        _application.NotifyStarted();

        _lifetime.Stop(PosixSignal.SIGTERM);
        _lifetime.Stop(PosixSignal.SIGTERM);

        Assert.Empty(_exits);
    }

    [Fact]
    public async Task Stop_StoppedOtherwiseDuringGrace_StopsWaiting()
    {
        _application.NotifyStarted();
        _lifetime.Stop(PosixSignal.SIGTERM);

        _application.StopApplication();

        await _lifetime.Drained;
    }

    [Fact]
    public void Reload_Asked_ReloadsWithoutDraining()
    {
        _lifetime.Reload();

        Assert.Equal(1, _reloadable.Reloads);
        Assert.False(_drain.IsDraining);
    }

    public void Dispose()
    {
        _lifetime.Dispose();
        _drain.Dispose();
    }

    private sealed class CountingReloadable : IReloadable
    {
        public int Reloads { get; private set; }

        public void Reload() => Reloads++;
    }
}
