using System.CommandLine;
using System.Net;
using System.Net.Http.Headers;
using OrleansLb.Hosting.Files;

namespace OrleansLb.Hosting.CommandLine;

/// <summary>
/// <c>health</c>: asks a running process whether it is ready. Container health checks use it, because images need no curl then.
/// </summary>
public static class HealthCommand
{
    /// <summary>Makes the subcommand.</summary>
    /// <param name="defaultUrl">Status address to ask when none is given, as <c>http://localhost:8090</c>.</param>
    public static Command Create(string defaultUrl)
    {
        var url = new Option<Uri>("--url")
        {
            Description = "Status address of the process; a path other than / replaces /readyz",
            HelpName = "URL",
            DefaultValueFactory = _ => new Uri(defaultUrl),
            CustomParser = static result =>
            {
                if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var parsed) && parsed.Scheme is "http" or "https")
                    return parsed;

                result.AddError($"'{result.Tokens[0].Value}' is not an http address.");
                return null;
            },
        };
        var token = new Option<FileInfo?>("--token-file") { Description = "File whose first line is a token of the status API; paths other than probes may need it", HelpName = "FILE" };
        var timeout = new Option<int>("--timeout") { Description = "Seconds to wait for the answer", HelpName = "SECONDS", DefaultValueFactory = static _ => 3 };
        var command = new Command("health", "Asks a running process whether it is ready: exit 0 if so, else 1") { url, token, timeout };
        command.SetAction((result, cancellationToken) =>
            AskAsync(result.GetValue(url)!, result.GetValue(token), TimeSpan.FromSeconds(result.GetValue(timeout)), result.InvocationConfiguration.Output, cancellationToken));
        return command;
    }

    private static async Task<int> AskAsync(Uri url, FileInfo? tokenFile, TimeSpan timeout, TextWriter output, CancellationToken cancellationToken)
    {
        var target = url.AbsolutePath == "/" ? new Uri(url, "/readyz") : url;
        using var client = new HttpClient(Handler(target)) { Timeout = timeout };
        try
        {
            if (tokenFile is not null)
                client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", FirstLine(tokenFile));
            using var response = await client.GetAsync(target, cancellationToken);
            var body = await response.Content.ReadAsStringAsync(cancellationToken);
            await output.WriteLineAsync(body.TrimEnd());
            return response.StatusCode == HttpStatusCode.OK ? ExitCodes.Success : ExitCodes.Failure;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            await output.WriteLineAsync($"{target} does not answer: {exception.Message}");
            return ExitCodes.Failure;
        }
        catch (FileRefusedException exception)
        {
            await output.WriteLineAsync($"the token cannot be read: {exception.Message}");
            return ExitCodes.Failure;
        }
    }

    /// <summary>Nobody stands between a process and its own machine, and certificates are seldom for <c>localhost</c>: there the certificate is not verified.</summary>
    private static SocketsHttpHandler Handler(Uri target)
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        if (target.IsLoopback)
            handler.SslOptions.RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null;
        return handler;
    }

    private static string FirstLine(FileInfo file) =>
        TextFile.Read(file.FullName).Split('\n')[0].Trim() is { Length: > 0 } line && line.All(static c => c is > ' ' and <= '~')
            ? line
            : throw new FileRefusedException($"the first line of {file.FullName} is no token");
}
