using OrleansLb.LimitBench;

return await LimitBenchCommandLine.Run(args, Console.Out, Console.Error);
