using System.Text;
using OrleansLb.Core.Http1;

namespace OrleansLb.Frontend.Http.Forwarding;

/// <summary>
/// The strings of the last head of a connection. Most answers of a backend differ from the one before in few fields, and what is equal needs no string of its own.
/// </summary>
internal sealed class FieldMemory
{
    private const int MostFields = 32;
    private const int LongestValue = 128;

    private readonly (string Name, string Value)[] _fields = new (string, string)[MostFields];

    /// <summary>Name and value of a field.</summary>
    /// <param name="place">Its place in the head.</param>
    /// <param name="field">The field.</param>
    /// <param name="bytes">What the head was read from.</param>
    public (string Name, string Value) Get(int place, FieldSlice field, ReadOnlySpan<byte> bytes)
    {
        var name = field.Name(bytes);
        var value = field.Value(bytes);
        if (place >= MostFields || value.Length > LongestValue)
            return (Encoding.Latin1.GetString(name), Encoding.Latin1.GetString(value));
        ref var known = ref _fields[place];
        if (known.Name is null || !Ascii.Equals(name, known.Name))
            known = (Encoding.Latin1.GetString(name), Encoding.Latin1.GetString(value));
        else if (!Ascii.Equals(value, known.Value))
            known.Value = Encoding.Latin1.GetString(value);
        return known;
    }
}
