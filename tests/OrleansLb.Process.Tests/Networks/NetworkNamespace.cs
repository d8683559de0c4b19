using OrleansLb.Process.Tests.Processes;

namespace OrleansLb.Process.Tests.Networks;

/// <summary>A machine of its own, as far as the network goes: an address on the network's bridge, and a filter that can lose what comes in.</summary>
internal sealed class NetworkNamespace : IAsyncDisposable
{
    private readonly string _name;

    private NetworkNamespace(string name, string address)
    {
        (_name, Address) = (name, address);
        Place = new ProcessPlace(address) { Launcher = ["ip", "netns", "exec", name] };
    }

    public string Address { get; }

    /// <summary>Where processes are started that live in it.</summary>
    public ProcessPlace Place { get; }

    /// <summary>Makes a namespace whose only way out is a cable to a bridge.</summary>
    /// <param name="name">Name of the namespace.</param>
    /// <param name="bridge">The bridge, in the namespace of the caller.</param>
    /// <param name="cable">Name of the end of the cable at the bridge, 15 characters at most.</param>
    /// <param name="address">Its address.</param>
    /// <param name="prefix">Length of the network's prefix.</param>
    public static async Task<NetworkNamespace> Create(string name, string bridge, string cable, string address, int prefix)
    {
        await SystemCommand.Run("ip", $"netns add {name}");
        var made = new NetworkNamespace(name, address);
        try
        {
            await SystemCommand.Run("ip", $"link add {cable} type veth peer name eth0 netns {name}");
            await SystemCommand.Run("ip", $"link set {cable} master {bridge} up");
            await made.Inside($"ip address add {address}/{prefix} dev eth0");
            await made.Inside("ip link set eth0 up");
            await made.Inside("ip link set lo up");
            await made.Inside("nft add table inet faults");
            await made.Inside("nft add chain inet faults input { type filter hook input priority 0 ; }");
            return made;
        }
        catch
        {
            await made.DisposeAsync();
            throw;
        }
    }

    /// <summary>Loses every packet that comes from an address, from now on.</summary>
    /// <param name="address">Whose.</param>
    public Task Lose(string address) => Inside($"nft add rule inet faults input ip saddr {address} counter drop");

    /// <summary>Loses nothing any more.</summary>
    public Task Heal() => Inside("nft flush chain inet faults input");

    /// <summary>Takes the cable with it. What still runs inside goes on without a network.</summary>
    public async ValueTask DisposeAsync() => await SystemCommand.Run("ip", $"netns delete {_name}");

    private Task<string> Inside(string command) => SystemCommand.Run("ip", $"netns exec {_name} {command}");
}
