namespace OrleansLb.Frontend.Http.Answers;

/// <summary>What came of reading a file.</summary>
/// <param name="Path">The file.</param>
/// <param name="Fault">Why it could not be read; <see langword="null"/> if it was.</param>
internal sealed record PageRead(string Path, string? Fault);
