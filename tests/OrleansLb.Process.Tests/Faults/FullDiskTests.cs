using System.Text.Json.Nodes;
using OrleansLb.Process.Tests.Faults.Figures;
using OrleansLb.Process.Tests.Networks;
using OrleansLb.Process.Tests.Processes;

namespace OrleansLb.Process.Tests.Faults;

/// <summary>F13: the disk with a front-end's data, to which its log goes too, is full.</summary>
[Collection(NetworkCollection.Name)]
public sealed class FullDiskTests(NetworkCluster cluster)
{
    private const string Row = "F13";
    private const string Fault = "disk of a front-end's data and log is full";
    private const string Name = "fe-disk";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task FullDisk_NoRequestFails_TheSnapshotStays_AndTheNextOneIsWrittenOnceThereIsRoom()
    {
        var directory = cluster.Processes.DirectoryOf(Name);
        Directory.CreateDirectory(directory);
        await SystemCommand.Run("mount", $"-t tmpfs -o size=256k,mode=0700 tmpfs {directory}");
        try
        {
            var log = Path.Combine(directory, "log");
            // The shell only sends the log where the data is.
            var frontend = await cluster.AddFrontend(Name, place => place with { Launcher = ["sh", "-c", $"exec \"$0\" > {log} 2>&1"] });
            await FillsAndEmpties(frontend, log, Path.Combine(directory, "filler"));
            await cluster.Remove(frontend);
        }
        finally
        {
            await SystemCommand.Run("umount", $"-l {directory}");
        }

        await cluster.IsWhole();
    }

    private async Task FillsAndEmpties(FrontendProcess frontend, string log, string filler)
    {
        var snapshot = cluster.Processes.SnapshotOf(frontend);
        await cluster.IsWhole();
        await Eventually.Holds("the snapshot is on disk", Patience, () => Task.FromResult(File.Exists(snapshot)));
        await using var load = NetworkCluster.Load(100, frontend);
        await Fill(filler);
        var (before, logged) = (await File.ReadAllTextAsync(snapshot, TestContext.Current.CancellationToken), new FileInfo(log).Length);

        cluster.ChangeConfiguration();
        await cluster.IsWhole();
        await Eventually.Holds("it counts what it cannot write", Patience, async () => Read(snapshot) != before
            || (await cluster.Processes.TryGet(new Uri(frontend.Status, "/metrics")))?.Contains("file=\"snapshot\",operation=\"write\"", StringComparison.Ordinal) == true);
        Assert.Equal(before, Read(snapshot));
        Assert.NotNull(JsonNode.Parse(before));

        File.Delete(filler);
        var took = await Eventually.Holds("the snapshot is the new one", Patience, () => Task.FromResult(Read(snapshot) != before), cluster.Processes.Logs);
        cluster.ChangeConfiguration();
        await cluster.IsWhole();
        await Eventually.Holds("it logs again", Patience, () => Task.FromResult(new FileInfo(log).Length > logged));

        var outcomes = await load.Stop();
        var failed = outcomes.Count(static outcome => outcome.Failed);
        FaultFigures.Say(Row, Fault, "failed requests", $"{failed} of {outcomes.Count}", "0");
        FaultFigures.Say(Row, Fault, "the snapshot before stays whole", "yes", "yes");
        FaultFigures.Say(Row, Fault, "there is room again until the snapshot is the new one", $"{took.TotalSeconds:F1} s", "by itself", "-");
        Assert.True(failed == 0, $"{failed} of {outcomes.Count} failed, first: {outcomes.FirstOrDefault(static outcome => outcome.Failed)}");
    }

    private static async Task Fill(string filler)
    {
        try
        {
            await using var file = new FileStream(filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
            while (true)
                await file.WriteAsync(new byte[512], TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            // No room is what it is for.
            return;
        }
    }

    // While it is replaced there is the old one or the new one, never none.
    private static string Read(string file) => File.ReadAllText(file);
}
