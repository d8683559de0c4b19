using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using OrleansLb.Hosting.Status;

namespace OrleansLb.Hosting.TestProcess;

/// <summary>Lets tests look inside.</summary>
internal sealed class TestEndpoints(IServer server, IConfiguration configuration, HeldRequests held) : IStatusEndpoints
{
    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/test/url", () => server.Features.Get<IServerAddressesFeature>()!.Addresses.First());
        endpoints.MapGet("/test/setting/{key}", (string key) => configuration[key] ?? "none");
        endpoints.MapGet("/test/arrived", () => held.Arrived);
        endpoints.MapPost("/test/release", held.Release);
    }
}
