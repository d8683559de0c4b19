namespace OrleansLb.Process.Tests.Shared;

/// <summary>What a client saw of an answer.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Backend">Who answered.</param>
/// <param name="Cookie">The session's cookie, if it came with one.</param>
internal sealed record PoolAnswer(int Status, string? Backend, string? Cookie);
