using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Hosting;
using OrleansLb.Hosting.CommandLine;
using OrleansLb.Hosting.Ports;
using OrleansLb.Hosting.Status;
using OrleansLb.Hosting.TestProcess;

var description = new ProcessDescription
{
    Name = "test-process",
    Summary = "Is a process.",
    Examples = [("--config test.json", "Runs with a file.")],
    Defaults = new Dictionary<string, string?> { ["Test:Url"] = "http://127.0.0.1:0" },
    Commands = [HealthCommand.Create("http://localhost:8090"), TokenCommand.Create()],
};

return await ProcessRunner.RunAsync(args, description, static start =>
{
    var builder = WebApplication.CreateSlimBuilder();
    builder.AddOrleansLbProcess(start);
    builder.WebHost.UseUrls(builder.Configuration["Test:Url"]!);
    builder.Services.AddSingleton<HeldRequests>();
    builder.Services.AddSingleton<IStatusEndpoints, TestEndpoints>();
    if (builder.Configuration["Test:Fail"] is { } how)
        Failures.Arrange(builder, how);

    if (builder.Configuration.GetValue<int?>("Test:Port") is { } port)
        builder.Services.AddSingleton(PortReservation.Reserve(new IPEndPoint(IPAddress.Loopback, port), "Test:Port"));

    var application = builder.Build();
    var held = application.Services.GetRequiredService<HeldRequests>();
    application.MapGet("/", static () => "here");
    application.MapGet("/hold", held.HoldAsync);
    return application;
});
