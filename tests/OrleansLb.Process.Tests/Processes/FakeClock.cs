using System.Globalization;

namespace OrleansLb.Process.Tests.Processes;

/// <summary>The wall clock of processes that are started with it, as wrong as the test says. Time that only goes on is no clock's business, and stays right.</summary>
internal sealed class FakeClock : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("orleanslb-test-");

    /// <param name="seconds">By how much it is ahead.</param>
    public FakeClock(int seconds) => Set(seconds);

    /// <summary>What a process is started with.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["LD_PRELOAD"] = Library(),
        ["FAKETIME_TIMESTAMP_FILE"] = OffsetFile,
        ["FAKETIME_NO_CACHE"] = "1",
        ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
        ["DONT_FAKE_MONOTONIC"] = "1",
    };

    private string OffsetFile => Path.Combine(_directory.FullName, "clock");

    /// <summary>Steps it.</summary>
    /// <param name="seconds">By how much it is ahead from now on.</param>
    public void Set(int seconds)
    {
        var temporary = OffsetFile + ".new";
        File.WriteAllText(temporary, seconds.ToString("+0;-0", CultureInfo.InvariantCulture) + "\n");
        File.Move(temporary, OffsetFile, overwrite: true);
    }

    public void Dispose() => _directory.Delete(recursive: true);

    // Below a folder of the machine's architecture; there are links in circles further down.
    private static string Library() =>
        Directory.GetFiles("/usr/lib", "libfaketimeMT.so.1", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 2, IgnoreInaccessible = true }) is [var library, ..]
            ? library
            : throw new InvalidOperationException("libfaketime is missing; tests/run installs it.");
}
