using OrleansLb.Hosting.Files;
using OrleansLb.Hosting.Status.Access;

namespace OrleansLb.Hosting.Tests.Status.Access;

public sealed class TokenFileTests : IDisposable
{
    private const string Hash = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private readonly TokenFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Read_Tokens_AreFoundByWhatTheyAre()
    {
        var book = TokenFile.Read(_files.Path);

        Assert.Equal(2, book.Count);
        Assert.Equal(new TokenHolder("watcher", AccessRole.Read), book.Find(TokenFiles.Reader));
        Assert.Equal(new TokenHolder("ops", AccessRole.Admin), book.Find(TokenFiles.Admin));
        Assert.Null(book.Find(TokenFiles.Admin + "x"));
        Assert.Null(book.Find(TokenFiles.Admin.ToUpperInvariant()));
        Assert.Null(book.Find(""));
    }

    [Fact]
    public void Read_TokenThatCouldBeGuessed_IsNobodysWhateverTheFileSays()
    {
        _files.Write(("password", "ops", AccessRole.Admin));

        Assert.Null(TokenFile.Read(_files.Path).Find("password"));
    }

    [Fact]
    public void Read_CommentsSpacesAndTwoTokensOfOneName_AreTaken()
    {
        _files.Replace($"# who may\r\n\r\n  ops \t admin   {Hash}  \r\nops admin {Hash.Replace('0', '1')}\n");

        Assert.Equal(2, TokenFile.Read(_files.Path).Count);
    }

    [Theory]
    [InlineData("ops admin", "it is not a name, a role and a hash")]
    [InlineData("ops admin " + Hash + " more", "it is not a name, a role and a hash")]
    [InlineData("o\u0007ps admin " + Hash, "a name is 1 to 64 ASCII letters")]
    [InlineData("ops root " + Hash, "the role is none of read, admin")]
    [InlineData("ops Admin " + Hash, "the role is none of read, admin")]
    [InlineData("ops admin sha256:abc", "the hash is not sha256:")]
    [InlineData("ops admin $2y$10$abcdefghijklmnopqrstuv", "the hash is not sha256:")]
    [InlineData("first read " + Hash + "\nops admin " + Hash, "the token is there already")]
    public void Read_LineThatIsNone_IsToldByItsNumberWithoutItsHash(string lines, string reason)
    {
        _files.Replace(lines);

        var refused = Assert.Throws<FileRefusedException>(() => TokenFile.Read(_files.Path));

        Assert.Contains($"line {lines.Split('\n').Length} of {_files.Path}: {reason}", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("0123456789abcdef", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nobody\n")]
    public void Read_NoToken_IsRefused(string text)
    {
        _files.Replace(text);

        Assert.Contains("there is no token", Assert.Throws<FileRefusedException>(() => TokenFile.Read(_files.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_MoreThanAnybodyHandsOut_IsRefused()
    {
        _files.Replace(string.Concat(Enumerable.Range(0, TokenFile.Most + 1).Select(static i => $"n{i} read sha256:{i:x64}\n")));

        Assert.Contains("1001 tokens", Assert.Throws<FileRefusedException>(() => TokenFile.Read(_files.Path)).Message, StringComparison.Ordinal);
    }
}
