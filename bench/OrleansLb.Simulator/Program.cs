using OrleansLb.Simulator;

return SimulatorCommandLine.Run(args, Console.Out, Console.Error);
