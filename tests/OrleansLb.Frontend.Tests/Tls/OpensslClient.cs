using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace OrleansLb.Frontend.Tests.Tls;

/// <summary>A client that is not .NET's, and says what is stapled to the certificate that it is shown.</summary>
internal static partial class OpensslClient
{
    /// <summary>Makes a handshake and asks for the staple.</summary>
    /// <param name="port">Port of loopback.</param>
    /// <param name="host">The host that it asks for.</param>
    /// <param name="version">The version that it speaks, as <c>tls1_3</c>.</param>
    /// <exception cref="InvalidOperationException">The handshake failed.</exception>
    public static async Task<SeenStaple> Handshake(int port, string host = "example.com", string version = "tls1_3")
    {
        var cancellation = TestContext.Current.CancellationToken;
        string[] arguments = ["s_client", "-connect", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"), "-servername", host, "-status", "-" + version];
        var start = new ProcessStartInfo("openssl", arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var (said, complained) = (process.StandardOutput.ReadToEndAsync(cancellation), process.StandardError.ReadToEndAsync(cancellation));
        await process.WaitForExitAsync(cancellation);
        var text = await said;
        if (!text.Contains("Cipher is ", StringComparison.Ordinal) || text.Contains("Cipher is (NONE)", StringComparison.Ordinal))
            throw new InvalidOperationException($"There was no handshake: {text}\n{await complained}");
        return new SeenStaple(Status().Match(text) is { Success: true } status ? status.Groups["status"].Value : null, Serial().Match(text).Groups["serial"].Value);
    }

    [GeneratedRegex(@"^\s*Cert Status: (?<status>\w+)", RegexOptions.Multiline)]
    private static partial Regex Status();

    [GeneratedRegex(@"^\s*Certificate ID:\s[^|]*?Serial Number: (?<serial>[0-9A-F]+)", RegexOptions.Multiline)]
    private static partial Regex Serial();
}
