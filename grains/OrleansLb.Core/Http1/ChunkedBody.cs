namespace OrleansLb.Core.Http1;

/// <summary>
/// Takes a body out of its chunks (RFC 9112, section 7.1). It sees each byte once, in pieces of any size, and keeps none. Extensions are stepped over; they are bounded,
/// since whoever sends them could do so without end and never send a byte of a body.
/// </summary>
public struct ChunkedBody
{
    private const int MostDigits = 16;
    private const int BitsOfDigit = 4;

    private State _state;
    private long _left;
    private int _digits;
    private int _ofLine;
    private int _ofBody;
    private ChunkExtension _extension;

    private enum State
    {
        Size,
        Padding,
        Extension,
        SizeLineFeed,
        Data,
        DataReturn,
        DataLineFeed,
        Trailers,
        Refused,
    }

    /// <summary>Whether what follows the size of a chunk must have the form that RFC 9112 gives it, as of requests. Servers write blanks there, and every client takes them.</summary>
    public bool IsStrict { get; init; }

    /// <summary>What is wrong, when it is <see cref="ChunkedStep.Refused"/>.</summary>
    public Http1Fault Fault { get; private set; }

    /// <summary>Reads on, up to the end of one piece of the body.</summary>
    /// <param name="bytes">What has not been consumed yet.</param>
    /// <param name="consumed">Receives how many of them were, the piece of the body among them.</param>
    /// <param name="data">Receives the piece of the body; empty unless <see cref="ChunkedStep.Data"/>.</param>
    public ChunkedStep Read(ReadOnlySpan<byte> bytes, out int consumed, out ReadOnlySpan<byte> data)
    {
        data = default;
        for (consumed = 0; consumed < bytes.Length && _state < State.Trailers; consumed++)
        {
            if (_state == State.Data)
                return TakeData(bytes[consumed..], ref consumed, out data);
            Step(bytes[consumed]);
        }

        return _state switch
        {
            State.Trailers => ChunkedStep.Trailers,
            State.Refused => ChunkedStep.Refused,
            _ => ChunkedStep.NeedMore,
        };
    }

    private ChunkedStep TakeData(ReadOnlySpan<byte> bytes, scoped ref int consumed, out ReadOnlySpan<byte> data)
    {
        data = bytes.Length > _left ? bytes[..(int)_left] : bytes;
        consumed += data.Length;
        _left -= data.Length;
        if (_left == 0)
            _state = State.DataReturn;
        return ChunkedStep.Data;
    }

    private void Step(byte next)
    {
        switch (_state)
        {
            case State.Size:
                ReadSize(next);
                break;
            case State.Padding:
                ReadPadding(next);
                break;
            case State.Extension:
                ReadExtension(next);
                break;
            case State.SizeLineFeed:
                Expect(next == '\n', _left == 0 ? State.Trailers : State.Data);
                break;
            case State.DataReturn:
                Expect(next == '\r', State.DataLineFeed);
                break;
            default:
                Expect(next == '\n', State.Size);
                (_digits, _left, _ofLine, _extension) = (0, 0, 0, default);
                break;
        }
    }

    private void ReadSize(byte next)
    {
        if (HexDigit(next) is var digit and >= 0)
        {
            Expect(++_digits <= MostDigits && _left <= long.MaxValue >> BitsOfDigit, State.Size);
            _left = (_left << BitsOfDigit) + digit;
        }
        else if (next == '\r')
        {
            Expect(_digits > 0, State.SizeLineFeed);
        }
        else
        {
            Expect(_digits > 0, State.Padding);
            if (_state == State.Padding)
                ReadPadding(next);
        }
    }

    // Some servers write blanks behind the number, and every client takes them; not what comes behind the blanks.
    private void ReadPadding(byte next)
    {
        if (next == '\r')
        {
            Expect(!IsStrict, State.SizeLineFeed);
            return;
        }

        Expect(next == ';' || Http1Characters.IsBlank(next), next == ';' ? State.Extension : State.Padding);
        CountExtension();
    }

    private void ReadExtension(byte next)
    {
        if (next == '\r')
        {
            Expect(!IsStrict || _extension.MayEnd, State.SizeLineFeed);
            return;
        }

        Expect(IsStrict ? _extension.Read(next) : Http1Characters.Value.Contains(next), State.Extension);
        CountExtension();
    }

    private void CountExtension()
    {
        if (++_ofLine <= Http1Limits.ChunkExtension && ++_ofBody <= Http1Limits.ChunkExtensions || _state == State.Refused)
            return;
        (_state, Fault) = (State.Refused, Http1Fault.ChunkExtension);
    }

    private void Expect(bool isMet, State next)
    {
        if (isMet)
            _state = next;
        else
            (_state, Fault) = (State.Refused, Http1Fault.Chunk);
    }

    private static int HexDigit(byte value) => value switch
    {
        >= (byte)'0' and <= (byte)'9' => value - '0',
        >= (byte)'a' and <= (byte)'f' => value - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => value - 'A' + 10,
        _ => -1,
    };
}
