namespace OrleansLb.Core.Http1;

/// <summary>
/// Checks the fields behind the last chunk of a request up to their empty line (RFC 9112, section 7.1.2), as strictly as <see cref="FieldSection"/> does: it sees each byte once, in pieces of any size, and keeps none.
/// </summary>
internal struct TrailerLines
{
    private Place _place;
    private int _bytes;

    private enum Place
    {
        LineBegin,
        Name,
        Value,
        LineFeed,
        LastLineFeed,
        Complete,
        Refused,
    }

    /// <summary>What is wrong, when it is <see cref="Http1Step.Refused"/>.</summary>
    public Http1Fault Fault { get; private set; }

    /// <summary>Reads on, up to the end of the last line.</summary>
    /// <param name="bytes">What has not been consumed yet.</param>
    /// <param name="consumed">Receives how many of them were; of a fault the byte that is wrong too.</param>
    public Http1Step Read(ReadOnlySpan<byte> bytes, out int consumed)
    {
        for (consumed = 0; consumed < bytes.Length && _place < Place.Complete; consumed++)
        {
            if (++_bytes > Http1Limits.Trailers)
                Refuse(Http1Fault.TrailersTooLarge);
            else
                Step(bytes[consumed]);
        }

        return _place switch
        {
            Place.Complete => Http1Step.Complete,
            Place.Refused => Http1Step.Refused,
            _ => Http1Step.NeedMore,
        };
    }

    private void Step(byte next)
    {
        switch (_place)
        {
            case Place.LineBegin:
                BeginLine(next);
                break;
            case Place.Name when next == ':':
                _place = Place.Value;
                break;
            case Place.Name:
                Expect(Http1Characters.Token.Contains(next), Place.Name, Http1Fault.FieldName);
                break;
            case Place.Value when next == '\r':
                _place = Place.LineFeed;
                break;
            case Place.Value:
                Expect(Http1Characters.Value.Contains(next), Place.Value, next == '\n' ? Http1Fault.LineEnd : Http1Fault.FieldValue);
                break;
            case Place.LineFeed:
                Expect(next == '\n', Place.LineBegin, Http1Fault.LineEnd);
                break;
            default:
                Expect(next == '\n', Place.Complete, Http1Fault.LineEnd);
                break;
        }
    }

    private void BeginLine(byte next)
    {
        if (next == '\r')
            _place = Place.LastLineFeed;
        else
            Expect(Http1Characters.Token.Contains(next), Place.Name, Http1Characters.IsBlank(next) ? Http1Fault.FoldedLine : Http1Fault.FieldName);
    }

    private void Expect(bool isMet, Place next, Http1Fault otherwise)
    {
        if (isMet)
            _place = next;
        else
            Refuse(otherwise);
    }

    private void Refuse(Http1Fault fault) => (_place, Fault) = (Place.Refused, fault);
}
