using Microsoft.Extensions.Logging;

namespace OrleansLb.Frontend.Countries;

public sealed partial class CountryDatabase
{
    [LoggerMessage(3090, LogLevel.Information, "Countries are told by {Path} of {Built:yyyy-MM-dd}.", EventName = "CountriesRead")]
    private static partial void LogRead(ILogger logger, string path, DateTimeOffset built);

    [LoggerMessage(3091, LogLevel.Error, "The database of countries {Path} cannot be used; one that was read before stays: {Reason}", EventName = "CountriesNotRead")]
    private static partial void LogNotRead(ILogger logger, string path, string reason);

    [LoggerMessage(3092, LogLevel.Error, "The database of countries {Path} is damaged: requests whose country it cannot tell are refused until there is another.", EventName = "CountriesDamaged")]
    private static partial void LogDamaged(ILogger logger, string path);

    // Highest id used: 3092
}
