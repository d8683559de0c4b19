using Microsoft.AspNetCore.Routing;

namespace OrleansLb.Hosting.Status;

/// <summary>
/// Endpoints that a library adds to the status server. Registered as singletons in the host; handlers use what the implementation was
/// constructed with, since the status server has services of its own.
/// </summary>
public interface IStatusEndpoints
{
    /// <summary>Maps the endpoints; called once, before the server starts.</summary>
    /// <param name="endpoints">The status server's routes.</param>
    void Map(IEndpointRouteBuilder endpoints);
}
