using System.Net;
using System.Net.Sockets;

namespace OrleansLb.Process.Tests.Commands;

/// <summary>What commands do that cannot begin: one line that says why, and a code.</summary>
public sealed class CommandTests
{
    private const int FirstPortOfTheDevCluster = 6390;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("tests/run")]
    [InlineData("bench/run")]
    [InlineData("bench/soak")]
    [InlineData("deploy/dev/cluster")]
    [InlineData("deploy/dev/chaos")]
    public async Task NoDotnet_IsSaidInOneLine_AndEndsWithOne(string path)
    {
        var tools = Directory.CreateTempSubdirectory("orleanslb-test-");
        File.CreateSymbolicLink(Path.Combine(tools.FullName, "dirname"), "/usr/bin/dirname");
        await using var command = ShellCommand.Start(path, new Dictionary<string, string> { ["PATH"] = tools.FullName });
        Assert.Equal(1, await command.WaitForExit(Limit));
        Assert.Equal($"{path}: dotnet is missing; it is the .NET SDK of global.json", command.Output.Trim());
        tools.Delete(recursive: true);
    }

    [Fact]
    public async Task DevCluster_PortInUse_SaysWhich_AndEndsWithOne()
    {
        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        other.Bind(new IPEndPoint(IPAddress.Loopback, FirstPortOfTheDevCluster));
        other.Listen();
        await using var command = ShellCommand.Start("deploy/dev/cluster");
        Assert.Equal(1, await command.WaitForExit(Limit));
        Assert.Equal("deploy/dev/cluster: port 6390 on 127.0.0.1 is in use; is another cluster running?", command.Output.Trim());
    }

    [Fact]
    public async Task DevCluster_UnknownOption_IsSaidInOneLine_AndEndsWithTwo()
    {
        await using var command = ShellCommand.Start("deploy/dev/cluster", arguments: "--fast");
        Assert.Equal(2, await command.WaitForExit(Limit));
        Assert.Equal("deploy/dev/cluster: unknown option '--fast'; usage: deploy/dev/cluster [--plan]", command.Output.Trim());
    }
}
