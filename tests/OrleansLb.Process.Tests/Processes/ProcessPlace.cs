namespace OrleansLb.Process.Tests.Processes;

/// <summary>Where and how a process is started.</summary>
/// <param name="Address">The address at which others reach it.</param>
internal sealed record ProcessPlace(string Address)
{
    public static ProcessPlace Loopback { get; } = new("127.0.0.1");

    /// <summary>A command that becomes the process, with its arguments; none when empty.</summary>
    public IReadOnlyList<string> Launcher { get; init; } = [];

    /// <summary>Environment variables of its own.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public bool IsLoopback => Address == Loopback.Address;

    /// <summary>The file to start for an executable.</summary>
    public string FileFor(string executable) => Launcher.Count > 0 ? Launcher[0] : executable;

    /// <summary>The arguments to start it with.</summary>
    public IEnumerable<string> ArgumentsFor(string executable, IEnumerable<string> arguments) => Launcher.Count > 0 ? [.. Launcher.Skip(1), executable, .. arguments] : arguments;
}
