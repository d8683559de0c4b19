namespace OrleansLb.Hosting.Tests.Processes;

/// <summary>What an ended process left.</summary>
internal sealed record ProcessOutcome(int ExitCode, string Output, string Error)
{
    public string[] ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
