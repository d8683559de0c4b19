namespace OrleansLb.Process.Tests.Faults.Figures;

public sealed class FaultPageTests
{
    [Fact]
    public void Render_RowsInAnyOrder_OneTableForEachInTheOrderOfTheMatrix()
    {
        var page = FaultPage.Render(
            [
                new FaultFigure("F10", "clock", "failed", "0 of 5", "0", "-"),
                new FaultFigure("F2", "all silos", "until usable", "4.0 s", "20 s", "-"),
                new FaultFigure("F10", "clock", "a|b", "1", "2", "3"),
            ],
            "2 processors",
            rounds: 10);

        var lines = page.Split('\n').Select(static line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))).ToList();
        Assert.Equal(["# What faults do", "## F2: All silos are down, then back", "## F10: Clocks are wrong"], lines.Where(static line => line.StartsWith('#')));
        Assert.Contains(lines, static line => line.Contains("2 processors", StringComparison.Ordinal) && line.Contains("repeated 10 times", StringComparison.Ordinal));
        var clock = lines[lines.IndexOf("## F10: Clocks are wrong")..];
        Assert.Equal("| fault | figure | seen | bar | promise |", clock[2]);
        Assert.Equal("| clock | failed | 0 of 5 | 0 | - |", clock[4]);
        Assert.Equal("| clock | a\\|b | 1 | 2 | 3 |", clock[5]);
    }

    [Fact]
    public void Say_RowThatTheMatrixHasNot_IsRefused() =>
        Assert.Throws<ArgumentException>(static () => FaultFigures.Say("F99", "", "", "", ""));

    [Theory]
    [InlineData(null, 3)]
    [InlineData("", 3)]
    [InlineData("10", 10)]
    public void Rounds_AskedForOrNot_IsTheNumber(string? asked, int expected) => Assert.Equal(expected, Rounds.Read(asked, 3));

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("many")]
    public void Rounds_NoNumber_IsRefused(string asked) => Assert.Throws<FormatException>(() => Rounds.Read(asked, 3));
}
