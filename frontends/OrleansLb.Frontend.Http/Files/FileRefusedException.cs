namespace OrleansLb.Frontend.Http.Files;

/// <summary>What a file holds cannot be used.</summary>
internal class FileRefusedException : Exception
{
    public FileRefusedException(string message)
        : base(message)
    {
    }

    public FileRefusedException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
