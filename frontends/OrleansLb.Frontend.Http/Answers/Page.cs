using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.StaticFiles;
using OrleansLb.Configuration;

namespace OrleansLb.Frontend.Http.Answers;

/// <summary>An answer that is written down. Of a file it has the last content that could be read.</summary>
internal sealed class Page
{
    private const string PlainText = "text/plain; charset=utf-8";
    private const string Unkept = "no-store";

    private readonly PageDefinition _definition;
    private readonly byte[] _body;
    private readonly PageFile? _file;
    private readonly string _contentType;
    private readonly string? _retryAfter;

    public Page(PageDefinition definition, PageLibrary files)
    {
        _definition = definition;
        _body = Encoding.UTF8.GetBytes(definition.Body ?? "");
        _file = definition.File is null ? null : files.Get(definition.File);
        _contentType = definition.ContentType ?? TypeOf(definition.File);
        _retryAfter = definition.RetryAfter > TimeSpan.Zero ? Math.Ceiling(definition.RetryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture) : null;
    }

    /// <summary>Answers a request; to HEAD with all but the body.</summary>
    public Task Send(HttpContext context)
    {
        var response = context.Response;
        response.StatusCode = _definition.Status;
        foreach (var (name, value) in _definition.Headers)
            response.Headers[name] = value;
        if (_retryAfter is not null)
            response.Headers.RetryAfter = _retryAfter;
        if (!_definition.IsKept)
            response.Headers.CacheControl = Unkept;
        return HasBody(_definition.Status) ? SendBody(context, _file?.Content ?? _body) : Task.CompletedTask;
    }

    private Task SendBody(HttpContext context, byte[] body)
    {
        context.Response.ContentLength = body.Length;
        if (body.Length == 0)
            return Task.CompletedTask;
        context.Response.ContentType = _contentType;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.Body.WriteAsync(body, 0, body.Length);
    }

    // Those without a body say no length of it either (RFC 9110, section 8.6).
    private static bool HasBody(int status) => status is not (StatusCodes.Status204NoContent or StatusCodes.Status205ResetContent or StatusCodes.Status304NotModified);

    private static string TypeOf(string? file)
    {
        if (file is null || !new FileExtensionContentTypeProvider().TryGetContentType(file, out var type))
            return PlainText;
        return type.StartsWith("text/", StringComparison.Ordinal) ? $"{type}; charset=utf-8" : type;
    }
}
