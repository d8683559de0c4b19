using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace OrleansLb.Conventions.Tests.Deployment;

/// <summary>The services of <c>docker-compose.yml</c>, with what they inherit.</summary>
internal sealed class ComposeFile
{
    private ComposeFile(IReadOnlyDictionary<string, ComposeService> services) => Services = services;

    public IReadOnlyDictionary<string, ComposeService> Services { get; }

    public static ComposeFile Read()
    {
        var parser = new MergingParser(new Parser(new StringReader(SourceTree.Read("docker-compose.yml"))));
        var document = new DeserializerBuilder().Build().Deserialize<Dictionary<object, object>>(parser);
        var services = (Dictionary<object, object>)document["services"];
        return new ComposeFile(services.ToDictionary(static service => (string)service.Key, static service => new ComposeService((Dictionary<object, object>)service.Value)));
    }
}
