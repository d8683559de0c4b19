using OrleansLb.Frontend.Host;
using OrleansLb.Hosting.CommandLine;

return await ProcessRunner.RunAsync(args, FrontendHost.Description, FrontendHost.Build);
