namespace OrleansLb.Core.Http1;

/// <summary>
/// Reads the head of an answer strictly: whatever two readers could understand differently is refused (RFC 9112). It is given the same bytes again with more behind
/// them until it is done, allocates nothing once its list of fields is long enough, and is used again by <see cref="Begin"/>.
/// </summary>
public sealed class ResponseHead
{
    private const int LengthUnknown = -1;
    private const int StatusStart = 9;
    private const int StatusEnd = 12;
    private const int LeastStatus = 100;

    private readonly FieldSection _section = new(Http1Limits.Head, Http1Fault.HeadTooLarge);
    private int _begin;

    /// <summary>Makes a reader that begins at the first byte.</summary>
    public ResponseHead() => Begin(0);

    /// <summary>What is wrong, when it is <see cref="Http1Step.Refused"/>.</summary>
    public Http1Fault Fault => _section.Fault;

    /// <summary>The status, 100 to 999.</summary>
    public int Status { get; private set; }

    /// <summary>Whether it is of HTTP/1.1 rather than 1.0.</summary>
    public bool IsVersion11 { get; private set; }

    /// <summary>Where the reason beside the status is; as a value, its name has no length.</summary>
    public FieldSlice Reason { get; private set; }

    /// <summary>The length that the head says; -1 for none.</summary>
    public long ContentLength { get; private set; }

    /// <summary>Whether the body comes in chunks.</summary>
    public bool IsChunked { get; private set; }

    /// <summary>Whether the backend lets the connection be used again, as far as the head says.</summary>
    public bool KeepsConnection { get; private set; }

    /// <summary>Bytes of the head, when it is complete.</summary>
    public int Length => _section.Position - _begin;

    /// <summary>Its fields.</summary>
    public ReadOnlySpan<FieldSlice> Fields => _section.Fields;

    /// <summary>Whether another answer follows, to the same request.</summary>
    public bool IsInterim => Status < 200;

    /// <summary>Begins a head.</summary>
    /// <param name="position">Where it begins.</param>
    public void Begin(int position)
    {
        _begin = position;
        _section.Begin(position, position);
        (Status, ContentLength, IsChunked, KeepsConnection) = (0, LengthUnknown, false, false);
    }

    /// <summary>Reads on.</summary>
    /// <param name="bytes">What there is by now, from the same beginning as before.</param>
    public Http1Step Read(ReadOnlySpan<byte> bytes)
    {
        if (Status == 0)
        {
            if (!_section.TryTakeLine(bytes, out var line))
                return _section.Fault == Http1Fault.None ? Http1Step.NeedMore : Http1Step.Refused;
            if (ReadStatusLine(line) is var fault and not Http1Fault.None)
                return _section.Refuse(fault);
        }

        var step = _section.Read(bytes);
        return step == Http1Step.Complete && Understand(bytes) is var misunderstood and not Http1Fault.None ? _section.Refuse(misunderstood) : step;
    }

    /// <summary>How the end of the body is found.</summary>
    /// <param name="isHead">Whether the request was <c>HEAD</c>, whose answers have no body whatever they say.</param>
    public BodyFraming Framing(bool isHead)
    {
        if (isHead || IsInterim || Status is 204 or 304)
            return BodyFraming.None;
        if (IsChunked)
            return BodyFraming.Chunked;
        return ContentLength switch
        {
            LengthUnknown => BodyFraming.UntilClose,
            0 => BodyFraming.None,
            _ => BodyFraming.Length,
        };
    }

    private Http1Fault ReadStatusLine(ReadOnlySpan<byte> line)
    {
        if (line.Length < StatusEnd || !line.StartsWith("HTTP/1."u8) || line[StatusStart - 2] is not ((byte)'0' or (byte)'1') || line[StatusStart - 1] != ' ')
            return Http1Fault.StatusLine;
        var digits = line[StatusStart..StatusEnd];
        if (digits.ContainsAnyExceptInRange((byte)'0', (byte)'9') || digits[0] == '0' || (line.Length > StatusEnd && line[StatusEnd] != ' '))
            return Http1Fault.StatusLine;
        var reason = line.Length > StatusEnd ? line[(StatusEnd + 1)..] : default;
        if (reason.ContainsAnyExcept(Http1Characters.Value))
            return Http1Fault.FieldValue;
        Status = (LeastStatus * (digits[0] - '0')) + (10 * (digits[1] - '0')) + digits[2] - '0';
        IsVersion11 = line[StatusStart - 2] == '1';
        Reason = new FieldSlice(_begin, 0, _begin + line.Length - reason.Length, reason.Length);
        return Http1Fault.None;
    }

    private Http1Fault Understand(ReadOnlySpan<byte> bytes)
    {
        KeepsConnection = IsVersion11;
        foreach (var field in Fields)
        {
            var fault = Understand(field.Name(bytes), field.Value(bytes));
            if (fault != Http1Fault.None)
                return fault;
        }

        if (IsChunked && ContentLength != LengthUnknown)
            return Http1Fault.LengthAndEncoding;
        return IsChunked && !IsVersion11 ? Http1Fault.TransferEncoding : Http1Fault.None;
    }

    private Http1Fault Understand(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        switch (name.Length)
        {
            case 10 when Is(name, "connection"u8):
                KeepsConnection &= !HasToken(value, "close"u8);
                return Http1Fault.None;
            case 14 when Is(name, "content-length"u8):
                return ReadLength(value);
            case 17 when Is(name, "transfer-encoding"u8):
                var isChunked = !IsChunked && Is(value, "chunked"u8);
                IsChunked = true;
                return isChunked ? Http1Fault.None : Http1Fault.TransferEncoding;
            default:
                return Http1Fault.None;
        }
    }

    private Http1Fault ReadLength(ReadOnlySpan<byte> value)
    {
        // More digits than this may be more than a length can be.
        const int MostDigits = 18;
        if (ContentLength != LengthUnknown || value.IsEmpty || value.Length > MostDigits || value.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            return Http1Fault.ContentLength;
        ContentLength = 0;
        foreach (var digit in value)
            ContentLength = (10 * ContentLength) + digit - '0';
        return Http1Fault.None;
    }

    private static bool Is(ReadOnlySpan<byte> text, ReadOnlySpan<byte> lowerCase) => System.Text.Ascii.EqualsIgnoreCase(text, lowerCase);

    private static bool HasToken(ReadOnlySpan<byte> list, ReadOnlySpan<byte> token)
    {
        foreach (var range in list.Split((byte)','))
        {
            if (Is(Http1Characters.Trim(list[range]), token))
                return true;
        }

        return false;
    }
}
