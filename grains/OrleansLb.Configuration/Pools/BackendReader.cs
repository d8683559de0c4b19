using OrleansLb.Configuration.Settings;
using OrleansLb.Core.Snapshots;
using Yarp.ReverseProxy.Configuration;

namespace OrleansLb.Configuration.Pools;

/// <summary>Reads the destinations of a cluster as backends.</summary>
internal sealed class BackendReader(SettingsNode root, BackendNetworks networks, Problems problems)
{
    public List<BackendSettings> Read(ClusterConfig cluster, AgentDefinition? agent)
    {
        var clusterPath = $"ReverseProxy:Clusters:{cluster.ClusterId}";
        CheckWebProxy(cluster, clusterPath);
        var backends = new List<BackendSettings>(cluster.Destinations?.Count ?? 0);
        foreach (var (id, destination) in cluster.Destinations ?? new Dictionary<string, DestinationConfig>())
            if (Read(id, destination, agent, $"{clusterPath}:Destinations:{id}") is { } backend)
                backends.Add(backend);
        backends.Sort(static (left, right) => string.CompareOrdinal(left.Id, right.Id));
        return backends;
    }

    private BackendSettings? Read(string id, DestinationConfig destination, AgentDefinition? agent, string path)
    {
        var address = Address(destination.Address, $"{path}:{nameof(DestinationConfig.Address)}");
        var health = string.IsNullOrEmpty(destination.Health)
            ? address
            : Address(destination.Health, $"{path}:{nameof(DestinationConfig.Health)}");
        if (address is null || health is null)
            return null;
        var ours = root.Find($"{path}:OrleansLb");
        return new BackendSettings(
            id,
            address,
            health,
            string.IsNullOrEmpty(destination.Host) ? null : destination.Host,
            ours.Whole(nameof(BackendDefinition.Weight)) ?? 1,
            ours.Whole(nameof(BackendDefinition.Priority)) ?? 0,
            ours.Text(nameof(BackendDefinition.Zone)) ?? "",
            AgentReader.AddressOf(agent, ours?.Child(AgentReader.Key), health, networks, problems));
    }

    private Uri? Address(string? value, string path)
    {
        var fault = string.IsNullOrEmpty(value) ? "must be an absolute http or https URI; it is missing"
            : Uri.TryCreate(value, UriKind.Absolute, out var address) && IsHttp(address) ? networks.Fault(address)
            : $"{Quote.Value(value)} is not an absolute http or https URI";
        if (fault is null)
            return new Uri(value!);
        problems.Error(path, fault);
        return null;
    }

    private void CheckWebProxy(ClusterConfig cluster, string clusterPath)
    {
        if (cluster.HttpClient?.WebProxy?.Address is { } proxy && networks.Fault(proxy) is { } fault)
            problems.Error($"{clusterPath}:HttpClient:WebProxy:Address", fault);
    }

    private static bool IsHttp(Uri address) => address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps;
}
