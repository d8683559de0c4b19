namespace OrleansLb.Core.Http1;

/// <summary>
/// Follows what stands behind the size of a chunk, by the grammar of RFC 9112, section 7.1.1: names, each with a value or without, separated by semicolons. A value is a token or in quotes.
/// It begins behind the first semicolon, and sees each byte of the line but its end.
/// </summary>
internal struct ChunkExtension
{
    private Place _place;

    private enum Place
    {
        BeforeName,
        Name,
        BehindName,
        BeforeValue,
        Value,
        Quoted,
        Escaped,
        QuoteEnd,
        BehindValue,
    }

    /// <summary>Whether the line may end here.</summary>
    public readonly bool MayEnd => _place is Place.Name or Place.Value or Place.QuoteEnd;

    /// <summary>Reads one byte; false when it cannot stand there.</summary>
    public bool Read(byte next)
    {
        if (After(next) is not { } place)
            return false;
        _place = place;
        return true;
    }

    private readonly Place? After(byte next) => _place switch
    {
        Place.BeforeName => IsToken(next) ? Place.Name : Stay(next),
        Place.Name => IsToken(next) ? Place.Name : BehindName(next),
        Place.BehindName => BehindName(next),
        Place.BeforeValue when next == '"' => Place.Quoted,
        Place.BeforeValue => IsToken(next) ? Place.Value : Stay(next),
        Place.Value when IsToken(next) => Place.Value,
        Place.Quoted => InQuotes(next),
        Place.Escaped => Http1Characters.Value.Contains(next) ? Place.Quoted : null,
        _ => BehindValue(next),
    };

    private readonly Place? Stay(byte next) => Http1Characters.IsBlank(next) ? _place : null;

    private static Place? BehindName(byte next) => next == '=' ? Place.BeforeValue : Http1Characters.IsBlank(next) ? Place.BehindName : NextName(next);

    private static Place? BehindValue(byte next) => Http1Characters.IsBlank(next) ? Place.BehindValue : NextName(next);

    private static Place? NextName(byte next) => next == ';' ? Place.BeforeName : null;

    private static Place? InQuotes(byte next) => next switch
    {
        (byte)'"' => Place.QuoteEnd,
        (byte)'\\' => Place.Escaped,
        _ => Http1Characters.Value.Contains(next) ? Place.Quoted : null,
    };

    private static bool IsToken(byte next) => Http1Characters.Token.Contains(next);
}
