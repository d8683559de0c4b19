namespace OrleansLb.Process.Tests.Processes;

/// <summary>Finds what a command started, and it itself: everything inherits its environment, whoever became its parent since. Not found is Redis, which writes its title there.</summary>
internal sealed class ProcessMark
{
    /// <summary>What is set in the environment of the command.</summary>
    public const string Variable = "ORLEANSLB_TEST_MARK";

    /// <summary>To this.</summary>
    public string Value { get; } = Guid.NewGuid().ToString();

    /// <summary>Folders below <c>/proc</c> of those that run.</summary>
    public IReadOnlyList<string> Processes() => [.. Directory.EnumerateDirectories("/proc").Where(HasMark)];

    private bool HasMark(string folder)
    {
        try
        {
            return int.TryParse(Path.GetFileName(folder), out _) && File.ReadAllText(Path.Combine(folder, "environ")).Contains(Value, StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It has ended, or is somebody else's.
            return false;
        }
    }
}
