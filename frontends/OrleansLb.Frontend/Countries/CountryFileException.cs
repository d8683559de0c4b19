namespace OrleansLb.Frontend.Countries;

/// <summary>A database of countries cannot be used.</summary>
internal sealed class CountryFileException : Exception
{
    public CountryFileException(string message)
        : base(message)
    {
    }

    public CountryFileException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
