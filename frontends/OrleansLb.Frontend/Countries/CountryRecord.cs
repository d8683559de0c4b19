using MaxMind.Db;

namespace OrleansLb.Frontend.Countries;

/// <summary>What is read of an entry of the database.</summary>
internal sealed class CountryRecord
{
    /// <summary>The country that the address is in.</summary>
    [MapKey("country")]
    public Names? Country { get; init; }

    /// <summary>What is read of a country.</summary>
    internal sealed class Names
    {
        /// <summary>Its two letters.</summary>
        [MapKey("iso_code")]
        public string? IsoCode { get; init; }
    }
}
