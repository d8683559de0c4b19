using Microsoft.AspNetCore.Http;

namespace OrleansLb.Frontend.Http.Answers;

/// <summary>An answer that a route gives by itself, known to the features of its requests.</summary>
internal interface IRouteAnswer
{
    /// <summary>Answers a request.</summary>
    /// <param name="context">The request.</param>
    Task Send(HttpContext context);
}
