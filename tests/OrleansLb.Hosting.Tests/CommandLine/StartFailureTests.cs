using System.Net;
using System.Net.Sockets;
using OrleansLb.Hosting.CommandLine;
using OrleansLb.Hosting.Tests.Processes;

namespace OrleansLb.Hosting.Tests.CommandLine;

public class StartFailureTests
{
    [Fact]
    public async Task Start_UnknownOption_ExitsWithWrongUsage()
    {
        var outcome = await RunAsync("--frob");

        Assert.Equal(2, outcome.ExitCode);
        Assert.Equal(2, outcome.ErrorLines.Length);
    }

    [Fact]
    public Task Start_MissingFile_NamesIt() =>
        AssertOneLineAsync("configuration file /nowhere/lb.json does not exist", "--config", "/nowhere/lb.json");

    [Fact]
    public async Task Start_BadJson_NamesFileAndLine()
    {
        using var file = new GivenFile("{\n  \"A\": 1,\n  \"B\": }\n");

        await AssertOneLineAsync($"configuration file {file.Path}, line 3, column 8: ", "--config", file.Path);
    }

    [Fact]
    public async Task Start_StatusPortInUse_NamesPortAndKey()
    {
        using var listener = Listener(out var port);

        await AssertOneLineAsync($":{port}", $"--OrleansLb:Status:Url=http://127.0.0.1:{port}");
        await AssertOneLineAsync("OrleansLb:Status:Url", $"--OrleansLb:Status:Url=http://127.0.0.1:{port}");
    }

    [Fact]
    public async Task Start_DataPortInUse_NamesPort()
    {
        using var listener = Listener(out var port);

        await AssertOneLineAsync($"http://127.0.0.1:{port}", $"--Test:Url=http://127.0.0.1:{port}");
    }

    [Fact]
    public async Task Start_ReservedPortInUse_NamesPortAndKey()
    {
        using var listener = Listener(out var port);

        await AssertOneLineAsync($"port {port} on 127.0.0.1 is in use by another process; free it or set Test:Port", $"--Test:Port={port}");
    }

    [Fact]
    public Task Start_BadValue_NamesKeyAndValue() =>
        AssertOneLineAsync("'many' at 'Test:Number'", "--Test:Fail=value", "--Test:Number=many");

    [Fact]
    public Task Start_BadTimeSpan_NamesKey() =>
        AssertOneLineAsync("'OrleansLb:ReadinessGrace'", "--OrleansLb:ReadinessGrace=soon");

    [Fact]
    public Task Start_StatusOffLoopback_IsRefused() =>
        AssertOneLineAsync("OrleansLb:Status:AllowRemote=true", "--OrleansLb:Status:Url=http://0.0.0.0:0");

    [Fact]
    public async Task Start_StatusTokensAreNone_NamesTheLineAndNotTheToken()
    {
        using var file = new GivenFile("# tokens\nops admin a-token-that-somebody-wrote-as-it-is\n");

        var outcome = await RunAsync("--OrleansLb:Status:Url=http://0.0.0.0:0", $"--OrleansLb:Status:Tokens={file.Path}");

        Assert.Equal(ExitCodes.Failure, outcome.ExitCode);
        Assert.Contains($"OrleansLb:Status:Tokens: line 2 of {file.Path}: ", Assert.Single(outcome.ErrorLines), StringComparison.Ordinal);
        Assert.DoesNotContain("a-token-that", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public Task Start_OneReason_IsThatLine() => AssertOneLineAsync("test-process: Test:Fail is one", "--Test:Fail=one");

    [Fact]
    public Task Start_UnknownException_IsOneLineWithCauses() =>
        AssertOneLineAsync("test-process: Outer message. Inner message.", "--Test:Fail=unknown");

    [Fact]
    public async Task Start_SeveralReasons_CountsAndShowsAll()
    {
        var outcome = await RunAsync("--Test:Fail=many");

        Assert.Equal(ExitCodes.Failure, outcome.ExitCode);
        Assert.Equal(["test-process: 2 errors", "  first reason", "  second reason"], outcome.ErrorLines);
    }

    [Fact]
    public async Task Start_InvalidOptions_ShowsEveryMessage()
    {
        var outcome = await RunAsync("--Test:Fail=options", "--OrleansLb:DrainTimeout=02:00:00");

        Assert.Equal(ExitCodes.Failure, outcome.ExitCode);
        Assert.Equal(4, outcome.ErrorLines.Length);
        Assert.Contains("First", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("Second", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("DrainTimeout", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_BackgroundServiceFails_ExitsWithItsReason()
    {
        await using var child = ChildProcess.Start(["--OrleansLb:Status:Url=http://127.0.0.1:0", "--Test:Fail=background"]);
        var outcome = await child.WaitForExitAsync();

        Assert.Equal(ExitCodes.Failure, outcome.ExitCode);
        Assert.Equal(["test-process: Background work failed."], outcome.ErrorLines);
    }

    [Fact]
    public async Task Start_DebugAsked_AddsStackTrace()
    {
        await using var child = ChildProcess.Start(["--Test:Fail=unknown"], [new(StartupFailure.DebugVariable, "1")]);
        var outcome = await child.WaitForExitAsync();

        Assert.Equal(ExitCodes.Failure, outcome.ExitCode);
        Assert.Contains("   at ", outcome.Error, StringComparison.Ordinal);
    }

    private static async Task AssertOneLineAsync(string expected, params string[] arguments)
    {
        var outcome = await RunAsync(arguments);

        Assert.Equal(ExitCodes.Failure, outcome.ExitCode);
        Assert.Contains(expected, Assert.Single(outcome.ErrorLines), StringComparison.Ordinal);
        Assert.StartsWith("test-process: ", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", outcome.Output, StringComparison.Ordinal);
    }

    private static async Task<ProcessOutcome> RunAsync(params string[] arguments)
    {
        string[] status = arguments.Any(static argument => argument.Contains("Status:Url", StringComparison.Ordinal)) ? [] : ["--OrleansLb:Status:Url=http://127.0.0.1:0"];
        await using var child = ChildProcess.Start([.. status, .. arguments]);
        return await child.WaitForExitAsync();
    }

    private static Socket Listener(out int port)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        return listener;
    }
}
