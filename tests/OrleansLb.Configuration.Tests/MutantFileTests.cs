using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;
using OrleansLb.Testing.Mutants;

namespace OrleansLb.Configuration.Tests;

/// <summary>No file makes a process fall over, however damaged: it is taken, or refused with the key or the place of what is wrong. <see cref="MutationTests"/> does the same below the reader.</summary>
public sealed partial class MutantFileTests : IDisposable
{
    private const int Seed = 11;
    private const int Mutants = 10_000;
    private const int MutantsTwice = 500;

    // So many of each fate at least, or the mutants are not what they are for.
    private const int FewOfAFate = Mutants / 20;

    // A mutant takes milliseconds. One that takes this long has found something that grows faster than its file.
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(10);

    private readonly string _folder = Directory.CreateTempSubdirectory("orleanslb-test-").FullName;
    private readonly ConcurrentBag<string> _failures = [];

    [Fact]
    public void Mutants_AreTakenOrRefusedWithTheKeyOrThePlace_AndNothingElseHappens()
    {
        var files = Files();
        var fates = new ConcurrentBag<(FileFate Fate, TimeSpan Took)>();

        Parallel.For(0, Mutants, number => fates.Add(Judge(files[number]).Cost));

        TestContext.Current.SendDiagnosticMessage(
            string.Join(", ", fates.GroupBy(static each => each.Fate).Select(static fate => $"{fate.Count()} {fate.Key}")) + $", slowest {fates.Max(static each => each.Took).TotalMilliseconds:F0} ms");
        Assert.True(_failures.IsEmpty, $"{_failures.Count} failures, one of them:\n{_failures.FirstOrDefault()}");
        Assert.All(Enum.GetValues<FileFate>(), fate => Assert.InRange(fates.Count(each => each.Fate == fate), FewOfAFate, Mutants));
    }

    [Fact]
    public void SameSeed_GivesTheSameMutantsAndTheSameVerdicts()
    {
        var (first, second) = (Files(), Files());
        for (var number = 0; number < MutantsTwice; number++)
        {
            var (mutant, again) = (first[number], second[number]);
            Assert.Equal(mutant.Content, again.Content);
            Assert.Equal(Judge(mutant).Said, Judge(again).Said);
        }

        Assert.NotEqual(first[0].Content, new MutantFiles(Seed + 1, Good())[0].Content);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static MutantFiles Files() => new(Seed, Good());

    private static byte[][] Good() =>
        [.. new[] { "Ours/full.json", "Ours/probes.json", "Ours/design.json", "Yarp/transforms.json" }.Select(static name => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Corpus", name)))];

    private (string Said, (FileFate Fate, TimeSpan Took) Cost) Judge(Mutant mutant)
    {
        var path = Path.Combine(_folder, $"{mutant.Number}.json");
        var started = Stopwatch.GetTimestamp();
        try
        {
            var verdict = FileVerdict.Of(path, mutant.Content);
            var took = Stopwatch.GetElapsedTime(started);
            if (Fault(verdict) is { } fault)
                _failures.Add($"{fault}\n{mutant}");
            if (took > Bound)
                _failures.Add($"It took {took}.\n{mutant}");
            return ($"{verdict.Fate} {verdict.Digest} {string.Join('\n', verdict.Errors)}", (verdict.Fate, took));
        }
        catch (Exception exception)
        {
            _failures.Add($"{exception}\n{mutant}");
            return (exception.Message, (FileFate.Unreadable, Stopwatch.GetElapsedTime(started)));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static string? Fault(FileVerdict verdict) => verdict.Fate switch
    {
        FileFate.Taken => verdict.Errors.Count == 0 ? null : "It is taken with errors.",
        FileFate.Refused when verdict.Errors.Count == 0 => "It is refused without a reason.",
        FileFate.Refused => verdict.Errors.Where(static error => !KeyPath().IsMatch(error)).Select(static error => $"No key and reason: {error}").FirstOrDefault(),
        _ => verdict.Errors is [var error] && Place().IsMatch(error) ? null : $"No place: {string.Join('\n', verdict.Errors)}",
    };

    // YARP's own parser must never be the one that finds out: it stops at the first error and does not name the key. Behind a thousand errors is how many more there are.
    [GeneratedRegex("^((?!ReverseProxy: YARP cannot read)(ReverseProxy|OrleansLb)(:.*)?: .|: [0-9]+ more like these$)", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex KeyPath();

    [GeneratedRegex(@"^configuration file .*\.json(, line [0-9]+, column [0-9]+: .|: A duplicate key '.*' was found|: Top-level JSON element must be an object)", RegexOptions.Singleline)]
    private static partial Regex Place();
}
