using OrleansLb.Hosting.CommandLine;
using OrleansLb.Silo;

return await ProcessRunner.RunAsync(args, SiloHost.Description, SiloHost.Build);
