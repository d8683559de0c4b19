// An application that is an Orleans client of the cluster and uses its limits: see README.md beside this file.
using OrleansLb.RateLimiting;

var builder = WebApplication.CreateSlimBuilder(args);
var gateway = builder.Configuration.GetValue("Gateway", 30000);
builder.UseOrleansClient(client => client.UseLocalhostClustering(gateway, serviceId: "orleanslb", clusterId: "orleanslb"));

// The one line: endpoints may now require the cluster's policy "orders", counted by the caller's key.
builder.Services.AddOrleansLbRateLimits(builder.Configuration, static limits => limits.AddClusterPolicy("orders", static context => context.Request.Headers["X-Api-Key"].ToString()));

var application = builder.Build();
application.UseRateLimiter();
application.MapGet("/orders", static () => "your orders\n").RequireRateLimiting("orders");

// Requests for this one come through a front-end, which has counted them against the same limit.
application.MapGet("/catalogue", static () => "the catalogue\n");

// The same limit without HTTP: for a queue's consumer, a job, anything that has a key.
application.MapGet("/export", static async (HttpRequest request, ClusterRateLimits limits) =>
{
    using var limiter = limits.Limiter("orders", request.Headers["X-Api-Key"].ToString());
    using var lease = await limiter.AcquireAsync(permitCount: 5, request.HttpContext.RequestAborted);
    return lease.IsAcquired ? Results.Text("an export, which counts as five\n") : Results.StatusCode(StatusCodes.Status429TooManyRequests);
});
application.Run();
