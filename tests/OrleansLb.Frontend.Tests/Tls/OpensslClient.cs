using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace OrleansLb.Frontend.Tests.Tls;

/// <summary>A client that is not .NET's, and says of handshakes what .NET does not.</summary>
internal static partial class OpensslClient
{
    /// <summary>Makes a handshake and asks for the staple.</summary>
    /// <param name="port">Port of loopback.</param>
    /// <param name="host">The host that it asks for.</param>
    /// <param name="version">The version that it speaks, as <c>tls1_3</c>.</param>
    /// <exception cref="InvalidOperationException">The handshake failed.</exception>
    public static async Task<SeenStaple> Handshake(int port, string host = "example.com", string version = "tls1_3")
    {
        var text = await Run(port, host, version, says: "", "-status");
        return new SeenStaple(Status().Match(text) is { Success: true } status ? status.Groups["status"].Value : null, Serial().Match(text).Groups["serial"].Value);
    }

    /// <summary>Makes a handshake in which all versions are offered.</summary>
    /// <param name="port">Port of loopback.</param>
    /// <param name="groups">The curves that it knows.</param>
    /// <returns>The version that came of it, as <c>TLSv1.3</c>.</returns>
    /// <exception cref="InvalidOperationException">The handshake failed.</exception>
    public static async Task<string> Version(int port, string groups) =>
        New().Match(await Run(port, "example.com", "no_ssl3", says: "", "-groups", groups)).Groups["version"].Value;

    /// <summary>Asks for <c>/</c>, and once more with the session that came of it.</summary>
    /// <param name="port">Port of loopback.</param>
    /// <param name="first">The host of the first request.</param>
    /// <param name="second">The host of the second one.</param>
    /// <param name="version">The version that it speaks, as <c>tls1_3</c>.</param>
    /// <returns>Whether the second one went on with the session.</returns>
    /// <exception cref="InvalidOperationException">A handshake failed.</exception>
    public static async Task<bool> Resumes(int port, string first = "example.com", string second = "example.com", string version = "tls1_3")
    {
        var folder = Directory.CreateTempSubdirectory("orleanslb-session");
        try
        {
            var session = Path.Combine(folder.FullName, "session.pem");
            await Run(port, first, version, Request(first), "-ign_eof", "-sess_out", session);
            // Who is given none has none to bring along.
            return File.Exists(session) && (await Run(port, second, version, Request(second), "-ign_eof", "-sess_in", session)).Contains("\nReused, TLS", StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // Sessions of TLS 1.3 come after the handshake; so the client stays until it is answered.
    private static string Request(string host) => $"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n";

    private static async Task<string> Run(int port, string host, string version, string says, params string[] more)
    {
        var cancellation = TestContext.Current.CancellationToken;
        string[] arguments = ["s_client", "-connect", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"), "-servername", host, "-" + version, .. more];
        var start = new ProcessStartInfo("openssl", arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(says);
        process.StandardInput.Close();
        var (said, complained) = (process.StandardOutput.ReadToEndAsync(cancellation), process.StandardError.ReadToEndAsync(cancellation));
        await process.WaitForExitAsync(cancellation);
        var text = await said;
        if (!text.Contains("Cipher is ", StringComparison.Ordinal) || text.Contains("Cipher is (NONE)", StringComparison.Ordinal))
            throw new InvalidOperationException($"There was no handshake: {text}\n{await complained}");
        return text;
    }

    [GeneratedRegex(@"^\s*Cert Status: (?<status>\w+)", RegexOptions.Multiline)]
    private static partial Regex Status();

    [GeneratedRegex(@"^New, (?<version>[^,]+), Cipher is", RegexOptions.Multiline)]
    private static partial Regex New();

    [GeneratedRegex(@"^\s*Certificate ID:\s[^|]*?Serial Number: (?<serial>[0-9A-F]+)", RegexOptions.Multiline)]
    private static partial Regex Serial();
}
