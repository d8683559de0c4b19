namespace OrleansLb.Core.Configuration;

/// <summary>What one silo's file said when that silo last submitted it.</summary>
/// <param name="Source">Name of the silo.</param>
/// <param name="Digest">Digest of its file.</param>
public sealed record SubmittedFile(string Source, string Digest);
