using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.ObjectPool;
using Microsoft.Extensions.Options;
using OrleansLb.Core;

namespace OrleansLb.Frontend.Http.AccessLog;

/// <summary>Where requests are noted on their way, if there is an access log. If not, nobody looks for a note.</summary>
internal sealed class RequestNotes(IOptions<AccessLogOptions> options, [FromKeyedServices(Clocks.Key)] TimeProvider clock)
{
    private readonly bool _isOn = options.Value.Path is not null;
    private readonly ObjectPool<RequestNote> _unused = new DefaultObjectPool<RequestNote>(new DefaultPooledObjectPolicy<RequestNote>());

    /// <summary>The note of a request; <see langword="null"/> where none is taken.</summary>
    public RequestNote? Of(HttpContext context) => _isOn ? context.Features.Get<RequestNote>() : null;

    /// <summary>A request begins.</summary>
    public RequestNote Begin(HttpContext context)
    {
        var note = _unused.Get();
        note.Begin(context, clock);
        return note;
    }

    /// <summary>It has ended, and its note is not needed any more.</summary>
    public void End(HttpContext context, RequestNote note)
    {
        note.End(context);
        _unused.Return(note);
    }
}
