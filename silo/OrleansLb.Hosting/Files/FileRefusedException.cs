

namespace OrleansLb.Hosting.Files;

/// <summary>What a file holds cannot be used.</summary>
public class FileRefusedException : Exception
{
    /// <param name="message">Why, for whoever made it.</param>
    public FileRefusedException(string message)
        : base(message)
    {
    }

    /// <param name="message">Why, for whoever made it.</param>
    /// <param name="cause">What its reader said.</param>
    public FileRefusedException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
