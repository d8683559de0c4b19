using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace OrleansLb.Frontend.Http.AccessLog;

/// <summary>The body of an answer, and its counter.</summary>
internal sealed class CountedAnswer(RequestNote note) : PipeWriter, IHttpResponseBodyFeature
{
    private IHttpResponseBodyFeature _inner = null!;
    private PipeWriter? _writer;
    private Stream? _stream;

    public Stream Stream => _stream ??= new CountedStream(_inner.Stream, note);

    public PipeWriter Writer => this;

    public override bool CanGetUnflushedBytes => Inner.CanGetUnflushedBytes;

    public override long UnflushedBytes => Inner.UnflushedBytes;

    private PipeWriter Inner => _writer ??= _inner.Writer;

    public void Begin(IHttpResponseBodyFeature inner) => _inner = inner;

    public void End() => (_inner, _writer, _stream) = (null!, null, null);

    public override void Advance(int bytes)
    {
        note.WentOut(bytes);
        Inner.Advance(bytes);
    }

    public override Memory<byte> GetMemory(int sizeHint = 0) => Inner.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => Inner.GetSpan(sizeHint);

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        note.AnswerBegins();
        return Inner.FlushAsync(cancellationToken);
    }

    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        note.WentOut(source.Length);
        return Inner.WriteAsync(source, cancellationToken);
    }

    public override void CancelPendingFlush() => Inner.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => Inner.Complete(exception);

    public override ValueTask CompleteAsync(Exception? exception = null) => Inner.CompleteAsync(exception);

    public void DisableBuffering() => _inner.DisableBuffering();

    public Task StartAsync(CancellationToken cancellationToken = default)
    {
        note.AnswerBegins();
        return _inner.StartAsync(cancellationToken);
    }

    public async Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default)
    {
        await _inner.SendFileAsync(path, offset, count, cancellationToken);
        note.WentOut(count ?? (new FileInfo(path).Length - offset));
    }

    Task IHttpResponseBodyFeature.CompleteAsync()
    {
        note.AnswerBegins();
        return _inner.CompleteAsync();
    }
}
