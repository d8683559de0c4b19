using OrleansLb.Configuration;
using Yarp.ReverseProxy.Configuration;

namespace OrleansLb.Frontend.Http.Routing;

/// <summary>Gives YARP the configuration that this front-end serves.</summary>
internal sealed class ClusterProxyConfigProvider : IProxyConfigProvider, IDisposable
{
    private readonly IConfigurationView _view;
    private ClusterProxyConfig _current;

    public ClusterProxyConfigProvider(IConfigurationView view)
    {
        _view = view;
        _current = new ClusterProxyConfig(view.Current);
        view.Changed += Replace;
    }

    public IProxyConfig GetConfig() => Volatile.Read(ref _current);

    public void Dispose() => _view.Changed -= Replace;

    private void Replace(CompiledConfiguration configuration) =>
        Interlocked.Exchange(ref _current, new ClusterProxyConfig(configuration)).Expire();
}
