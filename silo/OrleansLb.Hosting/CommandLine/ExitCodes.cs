namespace OrleansLb.Hosting.CommandLine;

/// <summary>What the executables answer to the shell.</summary>
public static class ExitCodes
{
    /// <summary>Done, or stopped cleanly after a drain.</summary>
    public const int Success = 0;

    /// <summary>Could not start, failed while running, did not finish its drain, or a check said no.</summary>
    public const int Failure = 1;

    /// <summary>The command line was not understood; nothing was started.</summary>
    public const int WrongUsage = 2;

    /// <summary>A second signal ended the process: the shell's convention is 128 and the signal's number.</summary>
    public const int SignalBase = 128;
}
