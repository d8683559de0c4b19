using Microsoft.Extensions.Options;
using OrleansLb.Hosting.Certificates;
using OrleansLb.Hosting.Files;
using OrleansLb.Hosting.Status.Access;

namespace OrleansLb.Hosting.Status;

/// <summary>The address must be one, and where others can reach it they must be asked who they are. Files are read as they will be later.</summary>
internal sealed class StatusOptionsValidator : IValidateOptions<StatusOptions>
{
    private const string UrlKey = $"{StatusOptions.SectionName}:{nameof(StatusOptions.Url)}";
    private const string TokensKey = $"{StatusOptions.SectionName}:{nameof(StatusOptions.Tokens)}";
    private const string RemoteKey = $"{StatusOptions.SectionName}:{nameof(StatusOptions.AllowRemote)}";
    private const string MetricsKey = $"{StatusOptions.SectionName}:{nameof(StatusOptions.MetricsNeedToken)}";
    private const string CertificateKey = $"{StatusOptions.SectionName}:{nameof(StatusOptions.Tls)}:{nameof(StatusTlsOptions.Certificate)}";

    public ValidateOptionsResult Validate(string? name, StatusOptions options)
    {
        var mistakes = Mistakes(options).ToList();
        return mistakes.Count > 0 ? ValidateOptionsResult.Fail(mistakes) : ValidateOptionsResult.Success;
    }

    private static IEnumerable<string> Mistakes(StatusOptions options)
    {
        if (StatusUrl.Parse(options.Url) is not { } url)
            yield return $"{UrlKey} '{options.Url}' is not an address to listen on; give it as http://localhost:8090";
        else
        {
            if (!url.IsLoopback && !options.AllowRemote && string.IsNullOrEmpty(options.Tokens))
                yield return $"{UrlKey} {options.Url} can be reached from other machines: set {TokensKey} to a file of tokens, or {RemoteKey}=true to serve only probes and metrics there, or listen on localhost";
            if (FaultOfTls(url, options.Tls) is { } fault)
                yield return $"{CertificateKey}: {fault}";
        }

        if (string.IsNullOrEmpty(options.Tokens))
        {
            if (options.MetricsNeedToken)
                yield return $"{MetricsKey}: metrics are to need a token, and {TokensKey} names no file of them";
        }
        else if (FaultOf(() => TokenFile.Read(options.Tokens)) is { } fault)
            yield return $"{TokensKey}: {fault}";
    }

    private static string? FaultOfTls(StatusUrl url, StatusTlsOptions tls)
    {
        var isThere = !string.IsNullOrEmpty(tls.Certificate);
        if (isThere != url.IsHttps)
            return isThere ? $"there is a certificate, and {UrlKey} does not say https" : $"it is missing, and {UrlKey} says https";
        return isThere ? FaultOf(() => OwnCertificate.Read(StatusCertificate.FilesOf(tls), CertificatePurpose.Server)) : null;
    }

    private static string? FaultOf(Func<object> read)
    {
        try
        {
            read();
            return null;
        }
        catch (FileRefusedException exception)
        {
            return exception.Message;
        }
    }
}
