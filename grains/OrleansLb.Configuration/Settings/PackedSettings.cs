using System.Collections.Immutable;
using System.Text;

namespace OrleansLb.Configuration.Settings;

/// <summary>Settings as compressed bytes.</summary>
internal static class PackedSettings
{
    public static byte[] Pack(ImmutableArray<KeyValuePair<string, string?>> settings) => PackedStream.Write(writer =>
    {
        writer.Write7BitEncodedInt(settings.Length);
        foreach (var (key, value) in settings)
        {
            writer.Write(key);
            writer.Write(value is not null);
            if (value is not null)
                writer.Write(value);
        }
    });

    /// <summary>Unpacks settings; a few bytes that unfold to more than a document may hold are damage, not settings.</summary>
    public static List<KeyValuePair<string, string?>> Unpack(ReadOnlySpan<byte> packed) => PackedStream.Read(packed, static reader =>
    {
        var count = reader.Read7BitEncodedInt();
        var settings = new List<KeyValuePair<string, string?>>();
        var bytes = 0L;
        while (settings.Count < count)
        {
            var key = reader.ReadString();
            var value = reader.ReadBoolean() ? reader.ReadString() : null;
            bytes += Encoding.UTF8.GetByteCount(key) + Encoding.UTF8.GetByteCount(value ?? "") + 1;
            if (bytes > 2L * SettingsDocument.MaxBytes)
                throw new InvalidDataException("The packed bytes hold more than any document.");
            settings.Add(new(key, value));
        }

        return settings;
    });
}
