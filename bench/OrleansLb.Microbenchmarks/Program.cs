using BenchmarkDotNet.Running;
using OrleansLb.Microbenchmarks;

BenchmarkSwitcher.FromAssembly(typeof(PickBenchmarks).Assembly).Run(args, new PickConfig());
