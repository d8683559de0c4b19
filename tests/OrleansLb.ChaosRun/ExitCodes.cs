namespace OrleansLb.ChaosRun;

/// <summary>How the command ends.</summary>
internal static class ExitCodes
{
    /// <summary>Every promise held.</summary>
    public const int Success = 0;

    /// <summary>A promise did not hold, something is missing, or it was ended early.</summary>
    public const int Failure = 1;

    /// <summary>Nothing was begun.</summary>
    public const int WrongUsage = 2;
}
