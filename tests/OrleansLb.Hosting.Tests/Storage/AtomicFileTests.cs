using OrleansLb.Hosting.Storage;

namespace OrleansLb.Hosting.Tests.Storage;

public sealed class AtomicFileTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("orleanslb").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Replace_FileAndALeftOver_OnlyTheNewContentIsThereForItsOwner()
    {
        var path = Path.Combine(_root, "state");
        File.WriteAllText(path, "old and longer");
        File.WriteAllText(path + ".tmp", "half of a write that a crash ended");

        AtomicFile.Replace(path, "new"u8);

        Assert.Equal("new", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(_root));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Fact]
    public void Delete_FileOrNothing_IsGone()
    {
        var path = Path.Combine(_root, "state");
        AtomicFile.Replace(path, "new"u8);

        AtomicFile.Delete(path);
        AtomicFile.Delete(path);

        Assert.Empty(Directory.GetFiles(_root));
    }

    [Fact]
    public void CreateDirectory_SeveralLevelsAreMissing_LastOneIsForItsOwner()
    {
        var path = Path.Combine(_root, "data", "fe-1");

        AtomicFile.CreateDirectory(path);
        AtomicFile.CreateDirectory(path);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(path));
    }

    [Fact]
    public void Flush_FolderIsMissing_SaysWhichAndWhy()
    {
        var missing = Path.Combine(_root, "nowhere");

        var failure = Assert.Throws<IOException>(() => DirectoryFlush.Run(missing));

        Assert.Contains(missing, failure.Message, StringComparison.Ordinal);
        Assert.Contains("No such file or directory", failure.Message, StringComparison.Ordinal);
    }
}
