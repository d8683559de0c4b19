using Microsoft.Extensions.Options;

namespace OrleansLb.Frontend.Countries;

/// <summary>A front-end that is told of a database must have it: it would refuse the routes that ask for a country, and nobody would know why.</summary>
internal sealed class CountryDatabaseValidation : IValidateOptions<FrontendOptions>
{
    public ValidateOptionsResult Validate(string? name, FrontendOptions options)
    {
        if (options.CountryDatabase.Length == 0)
            return ValidateOptionsResult.Success;
        try
        {
            CountryFile.Read(options.CountryDatabase);
            return ValidateOptionsResult.Success;
        }
        catch (CountryFileException exception)
        {
            return ValidateOptionsResult.Fail($"{FrontendOptions.SectionName}:{nameof(options.CountryDatabase)}: '{options.CountryDatabase}' cannot be used: {exception.Message}");
        }
    }
}
