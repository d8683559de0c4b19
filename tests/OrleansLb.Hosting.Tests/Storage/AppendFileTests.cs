using OrleansLb.Hosting.Storage;

namespace OrleansLb.Hosting.Tests.Storage;

public sealed class AppendFileTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("orleanslb").FullName;

    private string Path => System.IO.Path.Combine(_root, "log");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Write_FileOfBefore_GrowsAndIsForItsOwnerAndGroup()
    {
        using (var file = AppendFile.Open(Path))
            Assert.Equal(4, file.Write("one\n"u8));
        using (var file = AppendFile.Open(Path))
            file.Write("two\n"u8);

        Assert.Equal("one\ntwo\n", File.ReadAllText(Path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path) & ~UnixFileMode.GroupRead);
    }

    [Fact]
    public void Write_SomebodyCutsItOffOrWritesToo_IsAtTheEnd()
    {
        using var file = AppendFile.Open(Path);
        file.Write("long and to be cut off\n"u8);
        File.WriteAllText(Path, "");
        file.Write("one\n"u8);
        File.AppendAllText(Path, "theirs\n");
        file.Write("two\n"u8);

        Assert.Equal("one\ntheirs\ntwo\n", File.ReadAllText(Path));
        Assert.False(file.HasMoved);
    }

    [Theory]
    [InlineData("moved")]
    [InlineData("removed")]
    [InlineData("replaced")]
    [InlineData("with its folder")]
    public void HasMoved_FileIsElsewhere_IsTrue(string how)
    {
        var folder = Directory.CreateDirectory(System.IO.Path.Combine(_root, "folder")).FullName;
        var path = System.IO.Path.Combine(folder, "log");
        using var file = AppendFile.Open(path);
        Assert.False(file.HasMoved);

        switch (how)
        {
            case "moved":
                File.Move(path, path + ".1");
                break;
            case "removed":
                File.Delete(path);
                break;
            case "replaced":
                File.WriteAllText(path + ".new", "");
                File.Move(path + ".new", path, overwrite: true);
                break;
            default:
                Directory.Move(folder, folder + ".1");
                break;
        }

        Assert.True(file.HasMoved);
    }

    [Fact]
    public void Write_DeviceIsFull_SaysSo()
    {
        using var file = AppendFile.Open("/dev/full");
        var failure = Assert.Throws<IOException>(() => file.Write("one\n"u8));
        Assert.Equal("/dev/full: No space left on device", failure.Message);
    }

    [Fact]
    public void Open_NoFolder_SaysSo()
    {
        var path = System.IO.Path.Combine(_root, "none", "log");
        Assert.Equal($"{path}: No such file or directory", Assert.Throws<IOException>(() => AppendFile.Open(path)).Message);
    }
}
