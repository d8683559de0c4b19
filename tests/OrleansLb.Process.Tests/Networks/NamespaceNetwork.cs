using System.Globalization;
using OrleansLb.Process.Tests.Processes;

namespace OrleansLb.Process.Tests.Networks;

/// <summary>
/// A network of namespaces on this machine, for faults that only a network has. The test itself, the store and the backends are at its <see cref="Address"/>; every
/// process that is started at a <see cref="PlaceOf">place</see> has an address of its own. Needs root, <c>ip</c> and <c>nft</c>.
/// </summary>
internal sealed class NamespaceNetwork : IAsyncDisposable
{
    // Set aside for benchmarks (RFC 2544): in nobody's way, and neither loopback nor link-local.
    private const string Block = "198.18";
    private const int Prefix = 24;
    private const string NameStart = "orleanslb-test-";

    private readonly Dictionary<string, NetworkNamespace> _namespaces = new(StringComparer.Ordinal);
    private readonly string _bridge = string.Create(CultureInfo.InvariantCulture, $"olb{Environment.ProcessId}");
    private readonly string _network = string.Create(CultureInfo.InvariantCulture, $"{Block}.{Environment.ProcessId % 250}");

    private NamespaceNetwork()
    {
    }

    /// <summary>Address of the test's own side.</summary>
    public string Address => $"{_network}.1";

    /// <exception cref="InvalidOperationException">This user may not make one, or a command is missing.</exception>
    public static async Task<NamespaceNetwork> Create()
    {
        if (!Environment.IsPrivilegedProcess)
            throw new InvalidOperationException("Faults of the network need network namespaces, and these need root: start the tests as root or with sudo.");
        await RemoveWhatDeadTestsLeft();
        var network = new NamespaceNetwork();
        await SystemCommand.Run("ip", $"link add {network._bridge} type bridge");
        try
        {
            await SystemCommand.Run("ip", $"address add {network.Address}/{Prefix} dev {network._bridge}");
            await SystemCommand.Run("ip", $"link set {network._bridge} up");
            return network;
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }
    }

    /// <summary>Adds a machine to the network, before anything is started in it.</summary>
    public async Task Add(string name)
    {
        var number = _namespaces.Count + 2;
        _namespaces.Add(name, await NetworkNamespace.Create(
            $"{NameStart}{Environment.ProcessId}-{name}", _bridge, $"{_bridge}-{number}", $"{_network}.{number}", Prefix));
    }

    /// <summary>Where processes of that name are started.</summary>
    public ProcessPlace PlaceOf(string name) => _namespaces[name].Place;

    /// <summary>From now on nothing that one sends to the other arrives; what the other sends still does.</summary>
    public Task Lose(string from, string to) => _namespaces[to].Lose(_namespaces[from].Address);

    /// <summary>From now on nothing arrives between two.</summary>
    public async Task Cut(string one, string other)
    {
        await Lose(one, other);
        await Lose(other, one);
    }

    /// <summary>Everything arrives again.</summary>
    public async Task Heal()
    {
        foreach (var machine in _namespaces.Values)
            await machine.Heal();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var machine in _namespaces.Values)
            await machine.DisposeAsync();
        await SystemCommand.Run("ip", $"link delete {_bridge}");
    }

    /// <summary>Names tell whose they are, so a test that was killed leaves nothing for long.</summary>
    private static async Task RemoveWhatDeadTestsLeft()
    {
        foreach (var name in (await SystemCommand.Run("ip", "netns list")).Split('\n').Select(static line => line.Split(' ')[0]))
        {
            if (name.StartsWith(NameStart, StringComparison.Ordinal) && IsOfADeadTest(name[NameStart.Length..].Split('-')[0]))
                await SystemCommand.Run("ip", $"netns delete {name}");
        }

        foreach (var name in (await SystemCommand.Run("ip", "-brief link show type bridge")).Split('\n').Select(static line => line.Split(' ')[0]))
        {
            if (name.StartsWith("olb", StringComparison.Ordinal) && IsOfADeadTest(name[3..]))
                await SystemCommand.Run("ip", $"link delete {name}");
        }
    }

    private static bool IsOfADeadTest(string processId) =>
        int.TryParse(processId, CultureInfo.InvariantCulture, out var id) && !Directory.Exists(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}"));
}
