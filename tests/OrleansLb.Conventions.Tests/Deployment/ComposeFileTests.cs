using System.Text.RegularExpressions;

namespace OrleansLb.Conventions.Tests.Deployment;

/// <summary>The compose file cannot run where there is no container engine, so it is compared with the cluster that can.</summary>
public sealed class ComposeFileTests : IAsyncLifetime
{
    private readonly ComposeFile _compose = ComposeFile.Read();
    private IReadOnlyList<PlannedProcess> _plan = [];

    private IEnumerable<(PlannedProcess Planned, ComposeService Service)> Built =>
        _plan.Select(planned => (planned, _compose.Services[planned.Name])).Where(static pair => pair.Item2.Dockerfile is not null);

    public async ValueTask InitializeAsync() => _plan = await PlannedProcess.ReadAsync(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public void ServicesAreTheProcessesOfTheDevelopmentCluster()
    {
        Assert.Equal(_plan.Select(static planned => planned.Name).Order(StringComparer.Ordinal), _compose.Services.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(_plan.Count - 1, Built.Count());
    }

    [Fact]
    public void ImagesStartTheSameExecutableAndPublishItsProject()
    {
        foreach (var (planned, service) in Built)
        {
            Assert.Equal($"/app/{planned.Executable}", service.EntryPoint);
            var project = Assert.Single(SourceTree.Projects, project => project.Name == planned.Executable);
            Assert.True(project.IsExecutable);
            Assert.Contains($"dotnet publish {project.Folder} ", SourceTree.Read(service.Dockerfile!), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void CommandsAreTheSameButForWhereTheyListenAndRead()
    {
        foreach (var (planned, service) in Built)
            Assert.Equal(planned.Arguments.Select(Comparable), service.Command.Where(static word => word != "--any-address").Select(Comparable));

        static string Comparable(string word) => word.Contains('/', StringComparison.Ordinal) ? Path.GetFileName(word) : word;
    }

    [Fact]
    public void MountedConfigurationIsTheOneOfTheDevelopmentCluster()
    {
        foreach (var (planned, service) in Built.Where(static pair => pair.Planned.Arguments.Contains("--config")))
        {
            var mount = service.Volumes.Single().Split(':');
            Assert.Equal(planned.Arguments[1], Path.GetRelativePath(".", mount[0]));
            Assert.Equal(mount[1], service.Command[1]);
        }
    }

    [Fact]
    public void PublishedPortsAreThoseOfTheDevelopmentClusterOnLoopback()
    {
        foreach (var (planned, service) in Built)
        {
            Assert.Equal(planned.PublicPorts.Order(), service.Ports.Select(static port => port.Outside).Order());
            Assert.All(service.Ports, port =>
            {
                Assert.Equal("127.0.0.1", port.Address);
                Assert.Contains(port.Inside, service.ListeningPorts);
            });
        }
    }

    [Fact]
    public void StatusAddressesThatContainersReachAskForTokensOrServeProbesOnly()
    {
        foreach (var (planned, service) in Built.Where(static pair => pair.Service.Environment.ContainsKey("OrleansLb__Status__Url")))
        {
            var isSilo = planned.Executable == "OrleansLb.Silo";
            Assert.Equal(isSilo, service.Environment.TryGetValue("OrleansLb__Status__Tokens", out var file));
            Assert.Equal(!isSilo, service.Environment.ContainsKey("OrleansLb__Status__AllowRemote"));
            Assert.True(file is null || service.ConfigTargets.Contains(file), $"{planned.Name} has no {file}.");
        }
    }

    [Fact]
    public void HealthChecksAskThePortThatTheProcessListensOnWithItsOwnCommand()
    {
        Assert.Contains("new Command(\"health\"", SourceTree.Read("silo/OrleansLb.Hosting/CommandLine/HealthCommand.cs"), StringComparison.Ordinal);
        foreach (var (_, service) in Built)
        {
            Assert.Equal(["CMD", service.EntryPoint, "health", "--url"], service.HealthCommand.SkipLast(1));
            Assert.Contains(new Uri(service.HealthCommand[^1]).Port, service.ListeningPorts);
        }
    }

    [Fact]
    public void EverySettingIsDocumented()
    {
        var page = SourceTree.Read("docs/reference/commands.md");
        var keys = _plan.SelectMany(static planned => planned.Environment.Keys).Concat(_compose.Services.Values.SelectMany(static service => service.Environment.Keys))
            .Where(static key => key.StartsWith("OrleansLb__", StringComparison.Ordinal))
            .Select(static key => key.Replace("__", ":", StringComparison.Ordinal))
            .Distinct();
        Assert.All(keys, key => Assert.Matches(new Regex($@"^\|.*`{Regex.Escape(key)}`", RegexOptions.Multiline), page));
    }

    [Fact]
    public void OverriddenDestinationsAreOfTheSampleConfiguration()
    {
        var sample = SourceTree.Read("deploy/dev/orleanslb.json");
        var addresses = _compose.Services["silo-1"].Environment.Where(static variable => variable.Key.StartsWith("ReverseProxy__", StringComparison.Ordinal)).ToList();
        Assert.Equal(3, addresses.Count);
        foreach (var (key, address) in addresses)
        {
            var backend = key.Split("__")[^2];
            Assert.Contains($"\"{backend}\"", sample, StringComparison.Ordinal);
            Assert.Contains(new Uri(address).Port, _compose.Services[new Uri(address).Host].ListeningPorts);
            Assert.Equal(backend, new Uri(address).Host);
        }
    }
}
