using OrleansLb.Core.Affinity;

namespace OrleansLb.Configuration;

/// <summary>One version of the configuration as it travels and is stored: all that is needed to compile it alike in every process.</summary>
/// <param name="Version">Its number.</param>
/// <param name="Digest">SHA-256 of the settings in hex.</param>
/// <param name="Settings">The settings, packed.</param>
/// <param name="Generations">The generation ledger of this version, packed.</param>
/// <param name="Keys">Keys of the affinity cookie.</param>
public sealed record ConfigurationPackage(long Version, string Digest, byte[] Settings, byte[] Generations, KeyRing Keys);
