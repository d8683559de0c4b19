using OrleansLb.Core.Balancing.Orca;

namespace OrleansLb.Core.Tests.Balancing.Orca;

public sealed class OrcaHeaderTests
{
    private static readonly OrcaReport Whole = new(CpuUtilization: 0.5, ApplicationUtilization: 0.25, RequestRate: 120, FailureRate: 3);

    [Theory]
    [InlineData("TEXT cpu_utilization=0.5,application_utilization=0.25,rps_fractional=120,eps=3")]
    [InlineData("TEXT  eps = 3 ,, rps_fractional:1.2e2, application_utilization=.25 , cpu_utilization=0.5,")]
    [InlineData("TEXT cpu_utilization=0.5,mem_utilization=none,named_metrics.queue=7,application_utilization=0.25,rps_fractional=120,eps=3")]
    [InlineData("""JSON {"cpu_utilization":0.5,"application_utilization":0.25,"rps_fractional":120,"eps":3}""")]
    [InlineData("""JSON {"cpuUtilization":"0.5","applicationUtilization":0.25,"rpsFractional":1.2e2,"eps":3,"named_metrics":{"cpu_utilization":9,"größe":1}}""")]
    [InlineData("""JSON  { "utilization" : { "disk" : { "a" : [ 1 ] } }, "eps":3, "cpu_utilization":0.5, "application_utilization":0.25, "rps_fractional":120 } """)]
    public void Read_ReportInWords_HasItsFields(string value)
    {
        Assert.Equal(OrcaFault.None, OrcaHeader.Read(value, out var report));
        Assert.Equal(Whole, report);
    }

    [Fact]
    public void Read_ReportInBinary_HasItsFields()
    {
        // Of a length that wants padding.
        var base64 = Convert.ToBase64String(new OrcaMessage().AddVarint(3, 1).Add(Whole).ToArray());

        Assert.EndsWith("=", base64, StringComparison.Ordinal);
        Assert.Equal(OrcaFault.None, OrcaHeader.Read($"BIN {base64}", out var report));
        Assert.Equal(Whole, report);
        Assert.Equal(OrcaFault.None, OrcaHeader.ReadBinary(base64, out report));
        Assert.Equal(Whole, report);
        Assert.Equal(OrcaFault.None, OrcaHeader.ReadBinary(base64.TrimEnd('='), out report));
        Assert.Equal(Whole, report);
    }

    [Fact]
    public void ReadBinary_FieldsOfOthers_AreSteppedOver()
    {
        var message = new OrcaMessage().AddVarint(3, 77).AddBytes(8, 300).Add(1, 9).AddBytes(1, 0).AddSingle(2).Add(2, double.NaN).Add(Whole).AddVarint(500, ulong.MaxValue);

        Assert.Equal(OrcaFault.None, OrcaHeader.ReadBinary(Convert.ToBase64String(message.ToArray()), out var report));

        // The second of two counts, as protobuf has it.
        Assert.Equal(Whole, report);
    }

    [Theory]
    [InlineData("TEXT ")]
    [InlineData("JSON {}")]
    [InlineData("""JSON {"cpu_utilization":null}""")]
    [InlineData("BIN ")]
    public void Read_NothingInIt_IsAReportOfNothing(string value)
    {
        Assert.Equal(OrcaFault.None, OrcaHeader.Read(value, out var report));
        Assert.Equal(default, report);
    }

    [Theory]
    [InlineData("")]
    [InlineData("TEXT")]
    [InlineData("text cpu_utilization=1")]
    [InlineData("XML <a/>")]
    [InlineData("cpu_utilization=1")]
    public void Read_NoKnownFormat_IsSaidSo(string value) => Assert.Equal(OrcaFault.UnknownFormat, OrcaHeader.Read(value, out _));

    [Theory]
    [InlineData("TEXT cpu_utilization")]
    [InlineData("TEXT =1")]
    [InlineData("TEXT cpu_utilization=")]
    [InlineData("TEXT cpu_utilization=50%")]
    [InlineData("TEXT cpu_utilization=0,5")]
    [InlineData("TEXT cpu_utilization=NaN")]
    [InlineData("TEXT cpu_utilization=Infinity")]
    [InlineData("TEXT cpu_utilization=1e999")]
    [InlineData("TEXT eps=-1")]
    [InlineData("TEXT eps=1,eps=1")]
    [InlineData("JSON ")]
    [InlineData("JSON []")]
    [InlineData("JSON 1")]
    [InlineData("JSON {")]
    [InlineData("JSON {} x")]
    [InlineData("""JSON {"eps":}""")]
    [InlineData("""JSON {"eps":true}""")]
    [InlineData("""JSON {"eps":{}}""")]
    [InlineData("""JSON {"eps":"NaN"}""")]
    [InlineData("""JSON {"eps":1,"eps":1}""")]
    [InlineData("""JSON {"a":[[[[[[[[[1]]]]]]]]]}""")]
    [InlineData("BIN !")]
    [InlineData("BIN CQAAAAAAAAA")]
    [InlineData("BIN CQAAAAAAAPC/")]
    [InlineData("BIN AA==")]
    [InlineData("BIN Cw==")]
    [InlineData("BIN Qv8B")]
    [InlineData("BIN gICAgICAgICAgAE=")]
    public void Read_Malformed_IsSaidSo(string value) => Assert.Equal(OrcaFault.Malformed, OrcaHeader.Read(value, out _));

    [Fact]
    public void Read_LongerThanAllowed_IsNotLookedAt()
    {
        var most = "TEXT a=1" + new string(' ', OrcaHeader.LongestValue - 8);
        Assert.Equal(OrcaFault.None, OrcaHeader.Read(most, out _));
        Assert.Equal(OrcaFault.TooLong, OrcaHeader.Read(most + " ", out _));
        Assert.Equal(OrcaFault.TooLong, OrcaHeader.ReadBinary(most + " ", out _));
    }

    [Theory]
    [InlineData(0.25, 0.25)]
    [InlineData(0, 0.5)]
    public void Utilization_IsTheApplicationsWhereItHasOne(double application, double utilization) =>
        Assert.Equal(utilization, (Whole with { ApplicationUtilization = application }).Utilization);

    [Fact]
    public void Read_ManyTimes_AllocatesNothing()
    {
        var base64 = Convert.ToBase64String(new OrcaMessage().Add(Whole).ToArray());
        string[] values = ["TEXT cpu_utilization=0.5,rps_fractional=120", $"BIN {base64}", """JSON {"cpu_utilization":0.5}"""];
        foreach (var value in values)
        {
            for (var i = 0; i < 100; i++)
                OrcaHeader.Read(value, out _);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++)
            OrcaHeader.Read(values[i % values.Length], out _);

        // Not a byte a report; the runtime may take some itself when it compiles a method anew.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 9_999);
    }
}
