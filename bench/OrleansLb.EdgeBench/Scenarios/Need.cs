namespace OrleansLb.EdgeBench.Scenarios;

/// <summary>Something of the distribution that is needed to measure.</summary>
/// <param name="Package">The package that has it.</param>
/// <param name="IsThere">Whether it is installed.</param>
internal sealed record Need(string Package, Func<bool> IsThere);
