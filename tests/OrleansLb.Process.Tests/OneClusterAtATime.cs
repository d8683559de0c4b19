using Xunit.Sdk;
using Xunit.v3;

// A cluster is a dozen processes; two at once on a small machine would measure each other.
[assembly: Parallelization(Mode = ParallelMode.None)]
