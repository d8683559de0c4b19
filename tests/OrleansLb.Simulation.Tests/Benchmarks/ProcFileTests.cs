using OrleansLb.BenchProcesses;

namespace OrleansLb.Simulation.Tests.Benchmarks;

/// <summary>What is read of the kernel's accounting.</summary>
public sealed class ProcFileTests
{
    [Theory]
    [InlineData("nginx")]
    [InlineData("a) S (b")]
    [InlineData("tmux: server")]
    public void Parse_LineOfAProcess_HasNameParentAndBothTimes(string name)
    {
        var stat = ProcessStat.Parse($"4711 ({name}) S 17 4711 4711 0 -1 4194560 9999 8888 7 6 250 131 55 44 20 0 9 0 123456 111 222\n");
        // 2.5 s in user mode and 1.31 s in the kernel; 0.55 and 0.44 are of children that ended.
        Assert.Equal(new ProcessStat(4711, name, 'S', 17, TimeSpan.FromMilliseconds(3810), TimeSpan.FromMilliseconds(990)), stat);
    }

    [Theory]
    [InlineData("")]
    [InlineData("4711 nginx S 17")]
    [InlineData("4711 (nginx) S 17 4711")]
    public void Parse_NoLineOfAProcess_IsRefused(string line) => Assert.Throws<FormatException>(() => ProcessStat.Parse(line));

    [Fact]
    public void Of_ThisProcess_IsFoundWithTheTimeThatItUsed()
    {
        var before = Environment.CpuUsage.TotalTime;
        var own = Assert.Single(ProcessFamily.Of(Environment.ProcessId), static process => process.Id == Environment.ProcessId);
        // Rounded down to ticks.
        Assert.True(own.ProcessorTime >= before - TimeSpan.FromMilliseconds(20), $"{own.ProcessorTime} after {before}");
        Assert.True(ProcessMemory.Of(Environment.ProcessId) > 1_000_000);
    }

    [Fact]
    public void Of_Family_HasDescendantsAndNobodyElse()
    {
        ProcessStat[] everybody = [Process(5, 4), Process(4, 2), Process(3, 1), Process(2, 1), Process(6, 5), Process(1, 0)];
        Assert.Equal([2, 4, 5, 6], ProcessFamily.Of(2, everybody).Select(static process => process.Id));
        Assert.Empty(ProcessFamily.Of(9, everybody));
    }

    [Fact]
    public void Parse_LineOfTheMachine_LeavesOutIdleAndGuests() =>
        Assert.Equal(TimeSpan.FromMilliseconds(10 * (1 + 2 + 3 + 60 + 70 + 80)), MachineTime.Parse("cpu  1 2 3 40 50 60 70 80 90 100"));

    [Theory]
    [InlineData("cpu0 1 2 3 40 50 60 70 80 90 100")]
    [InlineData("cpu  1 2 3")]
    public void Parse_NoLineOfTheMachine_IsRefused(string line) => Assert.Throws<FormatException>(() => MachineTime.Parse(line));

    [Fact]
    public void Parse_Memory_IsTheProportionalSet()
    {
        Assert.Equal(1234 * 1024, ProcessMemory.Parse("55d0-7ffd ---p 00000000 00:00 0 [rollup]\nRss:                9876 kB\nPss:                1234 kB\nPss_Dirty:           77 kB\n"));
        Assert.Throws<FormatException>(static () => ProcessMemory.Parse("Rss:  9876 kB\n"));
    }

    private static ProcessStat Process(int id, int parent) => new(id, "x", 'S', parent, TimeSpan.Zero, TimeSpan.Zero);
}
