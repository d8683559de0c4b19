using OrleansLb.Hosting.Files;

namespace OrleansLb.Hosting.Certificates;

/// <summary>A certificate cannot be used.</summary>
public sealed class CertificateRefusedException : FileRefusedException
{
    /// <param name="message">Why, for whoever made its files.</param>
    public CertificateRefusedException(string message)
        : base(message)
    {
    }

    /// <param name="message">Why, for whoever made its files.</param>
    /// <param name="cause">What its reader said.</param>
    public CertificateRefusedException(string message, Exception cause)
        : base(message, cause)
    {
    }

    /// <summary>Why a file cannot be used; <see langword="null"/> when it can.</summary>
    /// <param name="read">Reads it.</param>
    public static string? ReasonOf(Action read)
    {
        ArgumentNullException.ThrowIfNull(read);
        try
        {
            read();
            return null;
        }
        catch (CertificateRefusedException exception)
        {
            return exception.Message;
        }
    }
}
