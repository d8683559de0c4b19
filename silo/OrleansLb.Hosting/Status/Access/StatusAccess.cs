using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansLb.Core;
using OrleansLb.Hosting.Authentication;

namespace OrleansLb.Hosting.Status.Access;

/// <summary>Says who may ask the status server what.</summary>
internal sealed class StatusAccess
{
    private const string Scheme = "Bearer";
    private const string AnybodyHere = "somebody on this machine";

    private readonly FailedAttempts _failures;
    private readonly bool _isClosed;

    public StatusAccess(IOptions<StatusOptions> options, StatusTokenMetrics metrics, [FromKeyedServices(Clocks.Key)] TimeProvider clock, ILogger<StatusTokens> logger)
    {
        _failures = new FailedAttempts(clock);
        Tokens = string.IsNullOrEmpty(options.Value.Tokens) ? null : new StatusTokens(options.Value.Tokens, metrics, logger);
        _isClosed = Tokens is null && StatusUrl.Parse(options.Value.Url) is { IsLoopback: false };
    }

    /// <summary>The tokens; <see langword="null"/> where there are none.</summary>
    public StatusTokens? Tokens { get; }

    /// <summary>Decides about a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="needed">What it needs.</param>
    /// <returns>Who it is, or why not.</returns>
    public AccessDecision Decide(HttpRequest request, AccessRole needed)
    {
        if (_isClosed)
            return StatusRefusal.Closed;
        if (Tokens is null)
            return new TokenHolder(AnybodyHere, AccessRole.Admin);
        if (request.Headers.Authorization.Count == 0)
            return StatusRefusal.NoToken;
        return Credentials.Find(request.Headers.Authorization, Scheme, out var token) && TokenBook.MayBe(token)
            ? Decide(request.HttpContext.Connection.RemoteIpAddress ?? IPAddress.None, token, needed)
            : StatusRefusal.NotBearer;
    }

    private AccessDecision Decide(IPAddress client, string token, AccessRole needed)
    {
        if (_failures.Wait(client) is { } wait)
            return StatusRefusal.TooManyAttempts(wait);
        if (Tokens!.Book?.Find(token) is { } holder)
            return holder.Role >= needed ? holder : StatusRefusal.NotAllowed;
        return _failures.Count(client) is { } now ? StatusRefusal.TooManyAttempts(now) : StatusRefusal.WrongToken;
    }
}
