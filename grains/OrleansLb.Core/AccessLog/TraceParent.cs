using System.Buffers;

namespace OrleansLb.Core.AccessLog;

/// <summary>The field by which a trace is passed on (W3C Trace Context, section 3.2).</summary>
public static class TraceParent
{
    private const int IdStart = 3;
    private const int IdEnd = 35;
    private const int Shortest = 55;

    private static readonly SearchValues<char> Hexadecimal = SearchValues.Create("0123456789abcdef");

    /// <summary>The id of the trace; empty if the field is none.</summary>
    /// <param name="field">The field's value.</param>
    public static ReadOnlySpan<char> TraceIdOf(ReadOnlySpan<char> field)
    {
        if (field.Length < Shortest || field[IdStart - 1] != '-' || field[IdEnd] != '-')
            return default;
        var id = field[IdStart..IdEnd];
        return id.ContainsAnyExcept(Hexadecimal) || !id.ContainsAnyExcept('0') ? default : id;
    }
}
