using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OrleansLb.Testing.Files;

/// <summary>
/// Makes a database of countries as large as a test needs, by the format's specification (MaxMind DB 2.0): a binary tree over the bits of addresses,
/// the data that its leaves point to, and a map that describes both. IPv4 addresses are those below ::/96.
/// </summary>
public static class CountryDatabaseFile
{
    private const int BytesOfPointer = 3;
    private const int Separator = 16;
    private const int Empty = -1;

    /// <summary>The bytes of a database of the type GeoLite2-Country.</summary>
    /// <param name="entries">Networks and the two letters of their countries; none of them within another.</param>
    public static byte[] Of(params (string Network, string Country)[] entries) => Of("GeoLite2-Country", entries);

    /// <summary>The bytes of a database of another type, protocol or key.</summary>
    public static byte[] Of(string type, (string Network, string Country)[] entries, int ipVersion = 6, string key = "iso_code")
    {
        var data = new MemoryStream();
        var nodes = new List<int[]> { New() };
        foreach (var (network, country) in entries)
        {
            Insert(nodes, IPNetwork.Parse(network), leaf: -2 - (int)data.Position);
            Map(data, 1);
            Text(data, "country");
            Map(data, 1);
            Text(data, key);
            Text(data, country);
        }

        var file = new MemoryStream();
        foreach (var side in nodes.SelectMany(static node => node))
            Pointer(file, side switch { Empty => nodes.Count, < Empty => nodes.Count + Separator - 2 - side, _ => side });
        file.Write(new byte[Separator]);
        data.WriteTo(file);
        file.Write([0xAB, 0xCD, 0xEF, .. "MaxMind.com"u8]);
        Describe(file, type, nodes.Count, ipVersion);
        return file.ToArray();
    }

    private static int[] New() => [Empty, Empty];

    private static void Insert(List<int[]> nodes, IPNetwork network, int leaf)
    {
        var bits = BitsOf(network).ToList();
        var node = 0;
        foreach (var bit in bits[..^1])
        {
            if (nodes[node][bit] == Empty)
            {
                nodes.Add(New());
                nodes[node][bit] = nodes.Count - 1;
            }

            node = nodes[node][bit];
        }

        nodes[node][bits[^1]] = leaf;
    }

    private static IEnumerable<int> BitsOf(IPNetwork network)
    {
        var isShort = network.BaseAddress.AddressFamily == AddressFamily.InterNetwork;
        byte[] bytes = isShort ? [.. new byte[12], .. network.BaseAddress.GetAddressBytes()] : network.BaseAddress.GetAddressBytes();
        return Enumerable.Range(0, network.PrefixLength + (isShort ? 96 : 0)).Select(index => (bytes[index / 8] >> (7 - (index % 8))) & 1);
    }

    private static void Describe(MemoryStream file, string type, int nodes, int ipVersion)
    {
        Map(file, 9);
        Number(file, "node_count", 6, nodes);
        Number(file, "record_size", 5, 8 * BytesOfPointer);
        Number(file, "ip_version", 5, ipVersion);
        Text(file, "database_type");
        Text(file, type);
        Text(file, "languages");
        file.Write([0, 11 - 7]);
        Number(file, "binary_format_major_version", 5, 2);
        Number(file, "binary_format_minor_version", 5, 0);
        Text(file, "build_epoch");
        file.Write([4, 9 - 7]);
        BigEndian(file, (int)new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds());
        Text(file, "description");
        Map(file, 0);
    }

    private static void Map(MemoryStream file, int entries) => file.WriteByte((byte)((7 << 5) | entries));

    private static void Text(MemoryStream file, string text)
    {
        file.WriteByte((byte)((2 << 5) | text.Length));
        file.Write(Encoding.ASCII.GetBytes(text));
    }

    private static void Number(MemoryStream file, string name, int kind, int value)
    {
        Text(file, name);
        var isLong = kind == 6;
        file.WriteByte((byte)((kind << 5) | (isLong ? 4 : 2)));
        if (isLong)
            BigEndian(file, value);
        else
            file.Write([(byte)(value >> 8), (byte)value]);
    }

    private static void BigEndian(MemoryStream file, int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        file.Write(bytes);
    }

    private static void Pointer(MemoryStream file, int value) => file.Write([(byte)(value >> 16), (byte)(value >> 8), (byte)value]);
}
