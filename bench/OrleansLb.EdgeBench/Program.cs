using OrleansLb.EdgeBench;

return await EdgeBenchCommandLine.Run(args, Console.Out, Console.Error);
