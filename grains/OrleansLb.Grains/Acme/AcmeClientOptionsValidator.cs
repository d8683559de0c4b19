using Microsoft.Extensions.Options;

namespace OrleansLb.Grains.Acme;

/// <summary>A silo that is to order certificates does not start without what it needs to keep their keys.</summary>
/// <param name="isOrdered">Whether its configuration orders any.</param>
internal sealed class AcmeClientOptionsValidator(bool isOrdered) : IValidateOptions<AcmeClientOptions>
{
    public ValidateOptionsResult Validate(string? name, AcmeClientOptions options)
    {
        var mistakes = Mistakes(options).ToList();
        return mistakes.Count > 0 ? ValidateOptionsResult.Fail(mistakes) : ValidateOptionsResult.Success;
    }

    private IEnumerable<string> Mistakes(AcmeClientOptions options)
    {
        if (options.SealingKey is null && (isOrdered || options.PreviousSealingKey is not null))
            yield return $"{AcmeClientOptions.SectionName}:{nameof(options.SealingKey)}: {AcmeVault.Missing}";
        foreach (var (key, path) in new[] { (nameof(options.SealingKey), options.SealingKey), (nameof(options.PreviousSealingKey), options.PreviousSealingKey) })
        {
            if (path is not null && FaultOf(() => AcmeVault.Read(path)) is { } fault)
                yield return $"{AcmeClientOptions.SectionName}:{key}: {fault}";
        }

        if (options.Authorities is { } authorities && FaultOf(() => AcmeClient.ReadAuthorities(authorities)) is { } unreadable)
            yield return $"{AcmeClientOptions.SectionName}:{nameof(options.Authorities)}: {unreadable}";
    }

    private static string? FaultOf(Action read)
    {
        try
        {
            read();
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException or System.Security.Cryptography.CryptographicException)
        {
            return exception.Message;
        }
    }
}
