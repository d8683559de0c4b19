using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.ObjectPool;
using Microsoft.Extensions.Options;
using OrleansLb.Core;
using OrleansLb.Frontend.Http.Tracing;

namespace OrleansLb.Frontend.Http.AccessLog;

/// <summary>Where requests are noted on their way, if there is an access log or somebody reads their spans. If not, nobody looks for a note.</summary>
internal sealed class RequestNotes(IOptions<AccessLogOptions> options, [FromKeyedServices(Clocks.Key)] TimeProvider clock)
{
    private readonly bool _isOn = options.Value.Path is not null;
    private readonly ObjectPool<RequestNote> _unused = new DefaultObjectPool<RequestNote>(new DefaultPooledObjectPolicy<RequestNote>());

    /// <summary>The note of a request; <see langword="null"/> where none is taken.</summary>
    public RequestNote? Of(HttpContext context) => _isOn || FrontendSpans.AreWanted ? context.Features.Get<RequestNote>() : null;

    /// <summary>A request begins; both of its readers share one note.</summary>
    public RequestNote Begin(HttpContext context)
    {
        if (context.Features.Get<RequestNote>() is { } begun)
        {
            begun.Share();
            return begun;
        }

        var note = _unused.Get();
        note.Begin(context, clock);
        return note;
    }

    /// <summary>It has ended, and its note is not needed any more by one of those who began it.</summary>
    public void End(HttpContext context, RequestNote note)
    {
        if (!note.IsOfLast())
            return;
        note.End(context);
        _unused.Return(note);
    }
}
