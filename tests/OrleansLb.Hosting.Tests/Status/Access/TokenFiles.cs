using OrleansLb.Hosting.Status.Access;

namespace OrleansLb.Hosting.Tests.Status.Access;

/// <summary>A file of tokens in a folder of its own: one that may read, and one that may change things.</summary>
internal sealed class TokenFiles : IDisposable
{
    public const string Reader = "olb_reader-0123456789-0123456789-0123456789";
    public const string Admin = "olb_admin-0123456789-0123456789-0123456789";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orleanslb-tokens-");

    public TokenFiles() => Write((Reader, "watcher", AccessRole.Read), (Admin, "ops", AccessRole.Admin));

    public string Path => System.IO.Path.Combine(_folder.FullName, "tokens");

    public void Write(params (string Token, string Name, AccessRole Role)[] tokens) =>
        Replace(string.Concat(tokens.Select(static token => TokenFile.LineOf(new TokenHolder(token.Name, token.Role), token.Token) + "\n")));

    /// <summary>Puts another file in its place, as editors and orchestrators do.</summary>
    public void Replace(string text)
    {
        File.WriteAllText(Path + ".new", text);
        File.Move(Path + ".new", Path, overwrite: true);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
