namespace OrleansLb.Core.Networks;

/// <summary>A country by its two letters (ISO 3166-1 alpha-2). The default is no country.</summary>
public readonly record struct CountryCode
{
    // ISO 3166-1 as of 2026, and XK, by which everybody means Kosovo.
    private const string Assigned =
        " AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ"
        + " DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT"
        + " JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ"
        + " OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ"
        + " UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW ";

    private readonly char _first;
    private readonly char _second;

    private CountryCode(char first, char second) => (_first, _second) = (first, second);

    /// <summary>Whether there is such a country: UK, for one, is none; it is GB.</summary>
    public bool IsAssigned => this != default && Assigned.Contains($" {this} ", StringComparison.Ordinal);

    /// <summary>Reads two letters of either case.</summary>
    /// <param name="text">The text.</param>
    /// <param name="code">The country, assigned or not.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out CountryCode code)
    {
        code = default;
        if (text.Length != 2 || !char.IsAsciiLetter(text[0]) || !char.IsAsciiLetter(text[1]))
            return false;
        code = new CountryCode(char.ToUpperInvariant(text[0]), char.ToUpperInvariant(text[1]));
        return true;
    }

    /// <summary>The two letters, upper-case; nothing for no country.</summary>
    public override string ToString() => this == default ? "" : $"{_first}{_second}";
}
