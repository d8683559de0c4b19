namespace OrleansLb.Core.Http1;

/// <summary>How much of a backend's answer is read before it is refused, the same for every backend; those of chunks and of trailers hold for requests too.</summary>
public static class Http1Limits
{
    /// <summary>Bytes of a head: what YARP's client takes too.</summary>
    public const int Head = 64 * 1024;

    /// <summary>Fields of a head, or of trailers. A field costs more than its bytes, so that bytes alone are no bound of the work.</summary>
    public const int Fields = 1000;

    /// <summary>Bytes that may follow the size of one chunk in its line.</summary>
    public const int ChunkExtension = 256;

    /// <summary>Bytes of that kind in a whole body.</summary>
    public const int ChunkExtensions = 4 * 1024;

    /// <summary>Bytes of trailers.</summary>
    public const int Trailers = 8 * 1024;

    /// <summary>Answers of 1xx before the one that counts.</summary>
    public const int InterimAnswers = 16;
}
