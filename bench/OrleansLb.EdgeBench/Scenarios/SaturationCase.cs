using OrleansLb.EdgeBench.Contestants;

namespace OrleansLb.EdgeBench.Scenarios;

/// <summary>One load at saturation.</summary>
/// <param name="Name">What is different about it.</param>
/// <param name="Ask">What a client sends.</param>
/// <param name="Bytes">Length of the body, up or down.</param>
/// <param name="Connections">How many clients there are at once.</param>
/// <param name="Backends">How many backends there are.</param>
/// <param name="Anew">Whether each request has a connection of its own.</param>
internal sealed record SaturationCase(string Name, Func<Contestant, byte[]> Ask, int Bytes = 100, int Connections = 32, int Backends = 4, bool Anew = false);
