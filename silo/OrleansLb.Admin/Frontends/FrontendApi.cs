using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansLb.Contracts.Frontends;
using OrleansLb.Hosting.Status;

namespace OrleansLb.Admin.Frontends;

/// <summary><c>POST /api/v1/frontends/{frontend}/forget</c>: a front-end that vanished does not run any more.</summary>
internal sealed class FrontendApi(IGrainFactory grains, ClusterGuard guard) : IStatusEndpoints
{
    public void Map(IEndpointRouteBuilder endpoints) => endpoints.MapPost("/api/v1/frontends/{frontend}/forget", (HttpContext context, string frontend) =>
        guard.Run(context, () => Forget(frontend)));

    private async Task<IResult> Forget(string frontendId)
    {
        if (!FrontendId.IsValid(frontendId))
            return Results.Problem($"A front-end's id is {FrontendId.Rule}.", statusCode: StatusCodes.Status400BadRequest);
        var outcome = await grains.GetGrain<IFrontendDirectoryGrain>(IFrontendDirectoryGrain.Key).Forget(frontendId);
        return outcome == ForgetOutcome.Live
            ? Results.Problem($"Front-end '{frontendId}' is live.", statusCode: StatusCodes.Status409Conflict)
            : Results.Json(new ForgottenFrontend(frontendId, outcome == ForgetOutcome.Forgotten));
    }
}
