using System.Net;
using OrleansLb.Hosting.Status.Access;
using OrleansLb.Hosting.Tests.Processes;
using OrleansLb.Hosting.Tests.Status.Access;

namespace OrleansLb.Hosting.Tests.CommandLine;

public sealed class TokenCommandTests : IDisposable
{
    private readonly TokenFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("read")]
    [InlineData("admin")]
    public async Task Token_ItsLineInAFile_IsThatOfItsToken(string role)
    {
        var lines = await TokenAsync("--name", "ops@example.com", "--role", role);

        _files.Replace(lines[1]);
        Assert.StartsWith("olb_", lines[0], StringComparison.Ordinal);
        Assert.Equal(new TokenHolder("ops@example.com", TokenFile.Roles[role]), TokenFile.Read(_files.Path).Find(lines[0]));
        Assert.NotEqual(lines[0], (await TokenAsync("--name", "ops@example.com"))[0]);
    }

    [Theory]
    [InlineData("token")]
    [InlineData("token", "--name", "two words")]
    [InlineData("token", "--name", "ops", "--role", "root")]
    public async Task Token_WithoutAProperNameOrRole_IsWrongUsage(params string[] arguments)
    {
        await using var child = ChildProcess.Start(arguments);

        Assert.Equal(2, (await child.WaitForExitAsync()).ExitCode);
    }

    [Fact]
    public async Task Process_OthersCanReach_AsksForTokens_AndTakesANewFileWhileItRuns()
    {
        await using var running = await ChildProcess.StartGuardedAsync(TokenFiles.Admin, "--OrleansLb:Status:Url=http://0.0.0.0:0", $"--OrleansLb:Status:Tokens={_files.Path}");
        var guarded = new Uri(running.Status.BaseAddress!, "/test/url");
        Assert.Equal(1, await HealthAsync(guarded));
        Assert.Equal(0, await HealthAsync(guarded, TokenFiles.Admin));
        Assert.Equal(0, await HealthAsync(running.Status.BaseAddress!));

        const string next = "olb_next-0123456789-0123456789-0123456789";
        _files.Write((next, "ops", AccessRole.Admin));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await StatusAsync(running.Status, guarded, patience.Token) == HttpStatusCode.OK)
            await Task.Yield();
        Assert.Equal(0, await HealthAsync(guarded, next));
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, Uri address, CancellationToken cancellationToken)
    {
        using var response = await client.GetAsync(address, cancellationToken);
        return response.StatusCode;
    }

    private async Task<int> HealthAsync(Uri url, string? token = null)
    {
        var file = _files.Path + ".of-a-client";
        await File.WriteAllTextAsync(file, token + "\n", TestContext.Current.CancellationToken);
        await using var child = ChildProcess.Start(["health", "--url", url.ToString(), "--timeout", "60", .. token is null ? Array.Empty<string>() : ["--token-file", file]]);
        return (await child.WaitForExitAsync()).ExitCode;
    }

    private static async Task<string[]> TokenAsync(params string[] arguments)
    {
        await using var child = ChildProcess.Start(["token", .. arguments]);
        var outcome = await child.WaitForExitAsync();
        Assert.Equal(0, outcome.ExitCode);
        return outcome.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
