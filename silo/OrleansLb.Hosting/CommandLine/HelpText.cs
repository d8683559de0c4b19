using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace OrleansLb.Hosting.CommandLine;

/// <summary>The generated help, followed by what the generator does not know: settings, exit codes, signals and examples.</summary>
internal sealed class HelpText(ProcessDescription description, Command root, HelpAction generated) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        generated.Invoke(parseResult);
        if (parseResult.CommandResult.Command == root)
            WriteRest(parseResult.InvocationConfiguration.Output);

        return ExitCodes.Success;
    }

    private void WriteRest(TextWriter output)
    {
        output.Write($"""
            Settings:
              --Section:Key=value  Overrides one setting, as --OrleansLb:Status:Url=http://localhost:8090
              The environment does the same as OrleansLb__Status__Url; the order is defaults, file, environment, command line.

            Signals:
              TERM, INT, QUIT      Fail readiness, finish the requests in flight, exit 0; a second one ends the process at once
              HUP                  Read the configuration file again

            Exit codes:
              {ExitCodes.Success}                    Stopped cleanly
              {ExitCodes.Failure}                    Could not start, failed, or could not finish its requests in time
              {ExitCodes.WrongUsage}                    Wrong usage
              130, 131, 143        Ended by a second INT, QUIT or TERM


            """);
        if (description.Examples.Count == 0)
            return;

        output.WriteLine("Examples:");
        foreach (var (arguments, effect) in description.Examples)
        {
            output.WriteLine($"  {description.Name} {arguments}".TrimEnd());
            output.WriteLine($"      {effect}");
        }
    }
}
