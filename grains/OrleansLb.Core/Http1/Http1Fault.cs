namespace OrleansLb.Core.Http1;

/// <summary>Why bytes of a backend are no answer that may be passed on, or those of a client no body in chunks. RFC 9112 and RFC 9110 say what they are.</summary>
public enum Http1Fault
{
    /// <summary>Nothing is wrong so far.</summary>
    None,

    /// <summary>The first line is none of <c>HTTP/1.0</c> or <c>HTTP/1.1</c> with a status of three digits from 100 on.</summary>
    StatusLine,

    /// <summary>A line ends with a line feed alone, or has a carriage return within.</summary>
    LineEnd,

    /// <summary>A field continues on the next line.</summary>
    FoldedLine,

    /// <summary>A field has no name, an invalid one, or whitespace before its colon.</summary>
    FieldName,

    /// <summary>A field's value, or the reason beside the status, has a control character.</summary>
    FieldValue,

    /// <summary>The head is longer than <see cref="Http1Limits.Head"/> or has more than <see cref="Http1Limits.Fields"/> fields.</summary>
    HeadTooLarge,

    /// <summary>The length of the body is no number, or is said twice.</summary>
    ContentLength,

    /// <summary>The body has a transfer coding that is not exactly <c>chunked</c>, or one in an HTTP/1.0 answer.</summary>
    TransferEncoding,

    /// <summary>The body has both a length and a transfer coding.</summary>
    LengthAndEncoding,

    /// <summary>A chunk has no valid size, or does not end where it says.</summary>
    Chunk,

    /// <summary>Chunk extensions are longer than <see cref="Http1Limits.ChunkExtension"/> in a line or <see cref="Http1Limits.ChunkExtensions"/> in a body.</summary>
    ChunkExtension,

    /// <summary>Trailers are longer than <see cref="Http1Limits.Trailers"/>.</summary>
    TrailersTooLarge,

    /// <summary>More than <see cref="Http1Limits.InterimAnswers"/> answers of 1xx came before one that counts.</summary>
    InterimAnswers,

    /// <summary>The backend switched protocols, though nobody asked for it.</summary>
    Upgrade,

    /// <summary>More bytes came than the answer has.</summary>
    Surplus,

    /// <summary>The connection ended within the answer.</summary>
    EndedEarly,
}
