using OrleansLb.Frontend.Http.Files;

namespace OrleansLb.Frontend.Http.Tls;

/// <summary>A certificate cannot be used.</summary>
internal sealed class CertificateRefusedException : FileRefusedException
{
    public CertificateRefusedException(string message)
        : base(message)
    {
    }

    public CertificateRefusedException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
