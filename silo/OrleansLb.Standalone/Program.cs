using OrleansLb.Hosting.CommandLine;
using OrleansLb.Standalone;

return await ProcessRunner.RunAsync(args, StandaloneHost.Description, StandaloneHost.Build);
