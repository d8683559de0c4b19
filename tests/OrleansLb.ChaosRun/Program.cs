using OrleansLb.ChaosRun;

return await ChaosCommandLine.Run(args, Console.Out, Console.Error);
