using System.CommandLine;
using OrleansLb.Hosting.CommandLine;

namespace OrleansLb.Standalone.Demo;

/// <summary><c>demo-backend</c>: one backend as a process of its own, for clusters on one machine and for tests.</summary>
internal static class DemoBackendCommand
{
    public static Command Create()
    {
        var name = new Option<string>("--name") { Description = "What the backend calls itself in the X-Backend header", HelpName = "NAME", DefaultValueFactory = static _ => "demo" };
        var port = new Option<int>("--port") { Description = "Port to listen on; 0 for any free one", HelpName = "PORT", Required = true };
        var url = new Option<bool>("--any-address") { Description = "Listen on every address instead of loopback only" };
        var command = new Command("demo-backend", "Runs one demo backend instead of the load balancer") { name, port, url };
        command.SetAction((result, cancellationToken) => Run(result.GetValue(name)!, result.GetValue(port), result.GetValue(url), cancellationToken));
        return command;
    }

    private static async Task<int> Run(string name, int port, bool anyAddress, CancellationToken cancellationToken)
    {
        await using var backend = await DemoBackend.Start(name, port, anyAddress, cancellationToken);
        Console.WriteLine($"{name} listens on {backend.Address}");
        await backend.WaitForShutdown(cancellationToken);
        return ExitCodes.Success;
    }
}
