using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace OrleansLb.Hosting.Status.Access;

/// <summary>Why the status server does not answer a request.</summary>
/// <param name="Status">Status of the answer.</param>
/// <param name="Reason">How it is counted.</param>
/// <param name="Detail">What its sender is told.</param>
internal sealed record StatusRefusal(int Status, string Reason, string Detail)
{
    private const string Challenge = "Bearer realm=\"OrleansLb\"";

    public static readonly StatusRefusal OtherHost = new(
        StatusCodes.Status421MisdirectedRequest, "admin.host", $"The host is not one of {StatusOptions.SectionName}:{nameof(StatusOptions.AllowedHosts)}, nor localhost or an address.");

    public static readonly StatusRefusal OtherOrigin = new(StatusCodes.Status403Forbidden, "admin.origin", "A page of another origin may not change anything here.");

    public static readonly StatusRefusal NotJson = new(StatusCodes.Status415UnsupportedMediaType, "admin.content_type", "A body must be application/json.");

    public static readonly StatusRefusal Closed = new(
        StatusCodes.Status403Forbidden, "admin.auth.closed", $"Other machines can reach this address, and without {StatusOptions.SectionName}:{nameof(StatusOptions.Tokens)} it serves probes and metrics only.");

    public static readonly StatusRefusal NoToken = new(
        StatusCodes.Status401Unauthorized, "admin.auth.missing", "A token is needed, as 'Authorization: Bearer TOKEN'.") { Authenticate = Challenge };

    public static readonly StatusRefusal NotBearer = new(
        StatusCodes.Status401Unauthorized, "admin.auth.malformed", "'Authorization' must be there once, as 'Bearer TOKEN'.") { Authenticate = Challenge };

    public static readonly StatusRefusal WrongToken = new(
        StatusCodes.Status401Unauthorized, "admin.auth.token", "The token is nobody's.") { Authenticate = Challenge + ", error=\"invalid_token\"" };

    public static readonly StatusRefusal NotAllowed = new(
        StatusCodes.Status403Forbidden, "admin.auth.role", "The token is good for reading only.") { Authenticate = Challenge + ", error=\"insufficient_scope\", scope=\"admin\"" };

    /// <summary>Challenge of the answer (<c>WWW-Authenticate</c>).</summary>
    public string? Authenticate { get; private init; }

    /// <summary>Seconds after which it may be tried again.</summary>
    public int? RetryAfter { get; private init; }

    /// <summary>The client showed too many wrong tokens; until it has waited even a right one is not looked at.</summary>
    public static StatusRefusal TooManyAttempts(TimeSpan wait) => new(
        StatusCodes.Status429TooManyRequests, "admin.auth.attempts", "Too many wrong tokens came from this address.") { RetryAfter = (int)Math.Ceiling(wait.TotalSeconds) };

    /// <summary>Answers the client, and has it counted.</summary>
    public Task Answer(HttpContext context)
    {
        context.Features.Set(this);
        var headers = context.Response.Headers;
        if (Authenticate is not null)
            headers.WWWAuthenticate = Authenticate;
        if (RetryAfter is { } seconds)
            headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return Results.Problem(Detail, statusCode: Status).ExecuteAsync(context);
    }
}
