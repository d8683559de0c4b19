using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace OrleansLb.Frontend.Http.Forwarding;

/// <summary>
/// Another body in the place of a request's own, for whoever reads it as a stream and for whoever reads it as a pipe: the server's pipe follows the stream that is in place, but one that somebody put
/// before it, to count what is read, does not.
/// </summary>
internal sealed class ReplacedBody : IRequestBodyPipeFeature
{
    private static readonly StreamPipeReaderOptions Options = new(leaveOpen: true);

    private readonly HttpContext _context;
    private readonly Stream _original;
    private readonly IRequestBodyPipeFeature? _originalPipe;
    private Stream _body = Stream.Null;
    private PipeReader? _reader;

    public ReplacedBody(HttpContext context) =>
        (_context, _original, _originalPipe) = (context, context.Request.Body, context.Features.Get<IRequestBodyPipeFeature>());

    public PipeReader Reader => _reader ??= PipeReader.Create(_body, Options);

    /// <summary>Puts a body in the place. Readers of one before are not used again.</summary>
    public void Become(Stream body)
    {
        (_body, _reader) = (body, null);
        _context.Request.Body = body;
        _context.Features.Set<IRequestBodyPipeFeature>(this);
    }

    /// <summary>Puts the request's own back.</summary>
    public void Restore()
    {
        _context.Request.Body = _original;
        _context.Features.Set(_originalPipe);
    }
}
