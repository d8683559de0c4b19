using System.Collections.Immutable;
using OrleansLb.Configuration.Settings;
using OrleansLb.Core.Configuration;

namespace OrleansLb.Configuration;

/// <summary>A generation ledger as compressed bytes, for the store and the wire.</summary>
public static class PackedGenerations
{
    /// <summary>Packs a ledger.</summary>
    /// <param name="ledger">The ledger.</param>
    public static byte[] Pack(GenerationLedger ledger)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        return PackedStream.Write(writer =>
        {
            writer.Write7BitEncodedInt(ledger.Backends.Length);
            foreach (var backend in ledger.Backends)
            {
                writer.Write(backend.PoolId);
                writer.Write(backend.BackendId);
                writer.Write(backend.Address);
                writer.Write7BitEncodedInt(backend.Generation);
            }
        });
    }

    /// <summary>Unpacks a ledger.</summary>
    /// <param name="packed">What <see cref="Pack"/> made.</param>
    /// <exception cref="InvalidDataException">The bytes are damaged or of another format.</exception>
    public static GenerationLedger Unpack(ReadOnlySpan<byte> packed) => PackedStream.Read(packed, static reader =>
    {
        var count = reader.Read7BitEncodedInt();
        var backends = ImmutableArray.CreateBuilder<BackendGeneration>();
        while (backends.Count < count)
            backends.Add(new BackendGeneration(reader.ReadString(), reader.ReadString(), reader.ReadString(), reader.Read7BitEncodedInt()));
        return new GenerationLedger(backends.ToImmutable());
    });
}
