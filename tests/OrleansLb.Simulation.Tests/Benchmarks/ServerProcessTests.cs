using System.Globalization;
using OrleansLb.BenchProcesses;

namespace OrleansLb.Simulation.Tests.Benchmarks;

/// <summary>How servers of a benchmark begin and end.</summary>
public sealed class ServerProcessTests
{
    private static readonly Uri Nowhere = new("http://127.0.0.1:1/");

    [Fact]
    public async Task Answers_ServerThatEnds_SaysItsCodeAndItsLastWords()
    {
        using var server = new ServerProcess("nginx", "sh", ["-c", "echo starting; echo address already in use >&2; exit 3"]);
        var failure = await Assert.ThrowsAsync<BenchException>(() => server.Answers(Nowhere, TestContext.Current.CancellationToken));
        Assert.Equal("nginx ended with 3 before it answered: address already in use", failure.Message);
    }

    [Fact]
    public void Start_NoSuchProgram_SaysWhich()
    {
        var failure = Assert.Throws<BenchException>(static () => new ServerProcess("x", "no-such-program", []));
        Assert.StartsWith("no-such-program cannot be started", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answers_Cancelled_EndsTheWait()
    {
        using var server = new ServerProcess("x", "sleep", ["100"]);
        using var cancellation = new CancellationTokenSource();
        var wait = server.Answers(Nowhere, cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
    }

    [Fact]
    public async Task Dispose_ServerWithWorkers_EndsThemToo()
    {
        var file = Path.GetTempFileName();
        // The worker ignores the polite signal, and its parent does not wait for it.
        var server = new ServerProcess("x", "sh", ["-c", $"sh -c 'trap \"\" TERM; echo $$ > {file}; while :; do sleep 1; done' & while :; do sleep 1; done"]);
        var worker = await Text(file);
        Assert.Contains(worker, ProcessFamily.Of(server.Id).Select(static process => process.Id));

        server.Dispose();

        Assert.DoesNotContain(ProcessFamily.Everybody(), process => process.Id == worker && process.State != 'Z');
        File.Delete(file);
    }

    [Fact]
    public async Task Signal_Terminate_EndsIt_AndAllThatItSaidIsHeard()
    {
        var heard = new System.Collections.Concurrent.ConcurrentQueue<string>();
        using var server = new ServerProcess("x", "sh", ["-c", "trap 'echo bye; exit 7' TERM; echo ready; while :; do sleep 0.01; done"], heard: heard.Enqueue);
        while (heard.IsEmpty)
            await Task.Yield();
        server.Signal(ServerSignal.Terminate);
        await server.Ended(TestContext.Current.CancellationToken);
        Assert.True(server.HasEnded, "It has not ended.");
        Assert.Equal(7, server.ExitCode);
        Assert.Equal(["ready", "bye"], heard);
        Assert.Equal("x has ended and cannot be sent Kill; its last words: bye", Assert.Throws<BenchException>(() => server.Signal(ServerSignal.Kill)).Message);
    }

    [Fact]
    public void Take_Ports_AreDifferentAndBelowThoseOfClients()
    {
        var ports = FreePorts.Take(50);
        Assert.Equal(50, ports.Distinct().Count());
        Assert.All(ports, static port => Assert.InRange(port, 1024, 32767));
    }

    [Theory]
    [InlineData("nginx version: nginx/1.22.1", "1.22.1")]
    [InlineData("HAProxy version 2.6.12-1+deb12u4 2026/10/17", "2.6.12")]
    [InlineData("unknown\n", "unknown")]
    public void Version_WhatAProgramSays_IsFound(string said, string version) => Assert.Equal(version, Machine.Version(said));

    private static async Task<int> Text(string file)
    {
        while (true)
        {
            if (int.TryParse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), CultureInfo.InvariantCulture, out var id))
                return id;
            await Task.Yield();
        }
    }
}
