using System.Text;
using OrleansLb.Core.Agents;

namespace OrleansLb.Core.Tests.Agents;

public sealed class AgentReplyTests
{
    [Theory]
    [InlineData("75%", 75)]
    [InlineData("0%", 0)]
    [InlineData("100%\n", 100)]
    [InlineData("250%", 250)]
    [InlineData("10% 20%", 20)]
    [InlineData("99999%", AgentReply.MostPercent)]
    [InlineData("99999999999999999999%", AgentReply.MostPercent)]
    public void Parse_Percentage_IsTheWeight(string line, int percent) => Assert.Equal(new AgentReply(percent, null, null, null, 0), Parse(line));

    [Theory]
    [InlineData("maxconn:30", 30)]
    [InlineData("MAXCONN:0", 0)]
    [InlineData("maxconn:99999999999", int.MaxValue)]
    public void Parse_MaxConnections_IsRead(string line, int most) => Assert.Equal(new AgentReply(null, most, null, null, 0), Parse(line));

    [Theory]
    [InlineData("ready", AgentService.Ready)]
    [InlineData("drain", AgentService.Drain)]
    [InlineData("maint", AgentService.Maintenance)]
    [InlineData("Maint\r\n", AgentService.Maintenance)]
    [InlineData("drain ready", AgentService.Ready)]
    public void Parse_AdministrativeWord_IsTheService(string line, AgentService service) => Assert.Equal(new AgentReply(null, null, service, null, 0), Parse(line));

    [Theory]
    [InlineData("up", false)]
    [InlineData("down", true)]
    [InlineData("failed", true)]
    [InlineData("fail", true)]
    [InlineData("stopped", true)]
    [InlineData("STOPPED", true)]
    [InlineData("down #out of disk, 75% maint\n", true)]
    [InlineData("up down", true)]
    public void Parse_OperationalWord_SaysWhetherItCanServe(string line, bool isDown) => Assert.Equal(new AgentReply(null, null, null, isDown, 0), Parse(line));

    [Theory]
    [InlineData("up ready 75% maxconn:30")]
    [InlineData("maxconn:30,75%,ready,up")]
    [InlineData("\t75%, \tup,,maxconn:30\tready   # fine")]
    [InlineData("ready 75% up maxconn:30\rdown maint 1%")]
    [InlineData("ready 75% up maxconn:30\ndown maint 1%")]
    public void Parse_WordsInAnyOrder_AllCount(string line) => Assert.Equal(new AgentReply(75, 30, AgentService.Ready, false, 0), Parse(line));

    [Theory]
    [InlineData("", 0)]
    [InlineData("\n", 0)]
    [InlineData(" , \t", 0)]
    [InlineData("#down", 0)]
    [InlineData("sleepy", 1)]
    [InlineData("75 -5% 7.5% %", 4)]
    [InlineData("up: downs maxconn: maxconn:x maxconn:-1", 5)]
    [InlineData("GET / HTTP/1.1", 3)]
    [InlineData("\0\u0001ü", 1)]
    public void Parse_OtherWords_AreCountedAndSayNothing(string line, int unknown) => Assert.Equal(new AgentReply(null, null, null, null, unknown), Parse(line));

    [Fact]
    public void Parse_UnknownWordsBetween_LeaveTheOthers() => Assert.Equal(new AgentReply(50, null, AgentService.Drain, null, 2), Parse("hello 50% world drain"));

    [Fact]
    public void Parse_NumberSignInsideAWord_BeginsNoReason() => Assert.Equal(new AgentReply(null, null, AgentService.Drain, null, 1), Parse("75%#cpu drain"));

    [Theory]
    [InlineData("down\t#no disk\r\nrest", "down #no disk")]
    [InlineData("\u001b[31mup\0ü", "?[31mup??")]
    public void Show_Line_HasNothingButPrintableCharacters(string line, string shown) => Assert.Equal(shown, AgentReply.Show(Encoding.Latin1.GetBytes(line)));

    [Fact]
    public void Show_LongLine_IsCut() => Assert.Equal(new string('x', 128), AgentReply.Show(Encoding.ASCII.GetBytes(new string('x', 5000))));

    private static AgentReply Parse(string line) => AgentReply.Parse(Encoding.Latin1.GetBytes(line));
}
