using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;

namespace OrleansLb.Hosting.CommandLine;

/// <summary>Name and version on one line.</summary>
internal sealed class VersionText(ProcessDescription description) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var version = typeof(VersionText).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        parseResult.InvocationConfiguration.Output.WriteLine($"{description.Name} {version}");
        return ExitCodes.Success;
    }
}
