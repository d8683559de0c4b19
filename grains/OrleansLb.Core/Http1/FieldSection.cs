namespace OrleansLb.Core.Http1;

/// <summary>
/// Reads lines of fields up to the empty one, as of a head or of trailers (RFC 9112, section 5). It is given the same bytes again with more behind them until it is done,
/// and looks at none of them twice.
/// </summary>
/// <param name="mostBytes">Bytes that the section may have, its last line included.</param>
/// <param name="tooLarge">The fault when it has more.</param>
public sealed class FieldSection(int mostBytes, Http1Fault tooLarge)
{
    private const int FieldsAtFirst = 32;

    private FieldSlice[] _fields = new FieldSlice[FieldsAtFirst];
    private int _count;
    private int _end;
    private int _scanned;

    /// <summary>What is wrong, when it is <see cref="Http1Step.Refused"/>.</summary>
    public Http1Fault Fault { get; private set; }

    /// <summary>Where the next line begins; behind the section when it is complete.</summary>
    public int Position { get; private set; }

    /// <summary>The fields so far, in their order.</summary>
    public ReadOnlySpan<FieldSlice> Fields => _fields.AsSpan(0, _count);

    /// <summary>Begins a section.</summary>
    /// <param name="position">Where its first line begins.</param>
    /// <param name="begin">Where the bytes begin that count for the limit: at a head, those of its status line do too.</param>
    public void Begin(int position, int begin)
    {
        (Position, _scanned, _end) = (position, position, begin + mostBytes);
        (_count, Fault) = (0, Http1Fault.None);
    }

    /// <summary>Reads on.</summary>
    /// <param name="bytes">What there is by now, from the same beginning as before.</param>
    public Http1Step Read(ReadOnlySpan<byte> bytes)
    {
        while (TryTakeLine(bytes, out var line))
        {
            var begin = Position - line.Length - 2;
            if (line.IsEmpty)
                return Http1Step.Complete;
            if (Add(line, begin) is var fault and not Http1Fault.None)
                return Refuse(fault);
        }

        return Fault == Http1Fault.None ? Http1Step.NeedMore : Http1Step.Refused;
    }

    /// <summary>Takes a line without its end, if all of it is there; checks the end.</summary>
    internal bool TryTakeLine(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> line)
    {
        line = default;
        if (Fault != Http1Fault.None)
            return false;
        var found = bytes[_scanned..].IndexOf((byte)'\n');
        var feed = found < 0 ? bytes.Length : _scanned + found;
        if (feed >= _end)
            Fault = tooLarge;
        else if (found < 0)
            _scanned = feed;
        else if (feed == Position || bytes[feed - 1] != '\r' || bytes[Position..(feed - 1)].Contains((byte)'\r'))
            Fault = Http1Fault.LineEnd;
        else
            line = Take(bytes, feed);
        return found >= 0 && Fault == Http1Fault.None;
    }

    internal Http1Step Refuse(Http1Fault fault)
    {
        Fault = fault;
        return Http1Step.Refused;
    }

    private ReadOnlySpan<byte> Take(ReadOnlySpan<byte> bytes, int feed)
    {
        var line = bytes[Position..(feed - 1)];
        Position = _scanned = feed + 1;
        return line;
    }

    private Http1Fault Add(ReadOnlySpan<byte> line, int begin)
    {
        if (Http1Characters.IsBlank(line[0]))
            return Http1Fault.FoldedLine;
        var colon = line.IndexOf((byte)':');
        if (colon <= 0 || line[..colon].ContainsAnyExcept(Http1Characters.Token))
            return Http1Fault.FieldName;
        var rest = line[(colon + 1)..];
        if (rest.ContainsAnyExcept(Http1Characters.Value))
            return Http1Fault.FieldValue;
        if (_count == Http1Limits.Fields)
            return tooLarge;
        var value = rest.TrimStart(" \t"u8);
        var valueStart = begin + line.Length - value.Length;
        Keep(new FieldSlice(begin, colon, valueStart, value.TrimEnd(" \t"u8).Length));
        return Http1Fault.None;
    }

    private void Keep(FieldSlice field)
    {
        if (_count == _fields.Length)
            Array.Resize(ref _fields, 2 * _count);
        _fields[_count++] = field;
    }
}
