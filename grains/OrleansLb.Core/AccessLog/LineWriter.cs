using System.Globalization;
using System.Net;

namespace OrleansLb.Core.AccessLog;

/// <summary>Writes a line into memory that it fits into.</summary>
internal ref struct LineWriter(Span<byte> line)
{
    private readonly Span<byte> _line = line;

    public int Length { get; private set; }

    public void Add(scoped ReadOnlySpan<byte> text)
    {
        text.CopyTo(_line[Length..]);
        Length += text.Length;
    }

    public void Add(byte octet) => _line[Length++] = octet;

    public void AddNumber(long number, scoped ReadOnlySpan<char> format = default)
    {
        number.TryFormat(_line[Length..], out var written, format, CultureInfo.InvariantCulture);
        Length += written;
    }

    public void AddTime(DateTimeOffset time, string format)
    {
        time.UtcDateTime.TryFormat(_line[Length..], out var written, format, CultureInfo.InvariantCulture);
        Length += written;
    }

    /// <summary>Milliseconds to the microsecond, downwards.</summary>
    public void AddMilliseconds(TimeSpan time)
    {
        var microseconds = Math.Max(0, time.Ticks / TimeSpan.TicksPerMicrosecond);
        AddNumber(microseconds / 1000);
        Add((byte)'.');
        AddNumber(microseconds % 1000, "000");
    }

    /// <summary>An address as people write it: that of an IPv4 client is one, whatever the listener makes of it.</summary>
    public void AddAddress(IPAddress address)
    {
        (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).TryFormat(_line[Length..], out var written);
        Length += written;
    }
}
