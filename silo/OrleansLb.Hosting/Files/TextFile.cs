namespace OrleansLb.Hosting.Files;

/// <summary>Small files that people or their tools write.</summary>
public static class TextFile
{
    private const long Longest = 16 << 20;

    /// <summary>What it holds.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileRefusedException">It cannot be read, or is larger than anything that is meant.</exception>
    public static string Read(string path)
    {
        try
        {
            if (new FileInfo(path).Length > Longest)
                throw new FileRefusedException($"{path} is longer than {Longest} bytes");
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new FileRefusedException(exception.Message, exception);
        }
    }
}
