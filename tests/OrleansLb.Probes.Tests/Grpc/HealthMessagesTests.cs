using CsCheck;
using Google.Protobuf;
using Grpc.Health.V1;
using OrleansLb.Probes.Grpc;

namespace OrleansLb.Probes.Tests.Grpc;

/// <summary>Our reading of the two messages against the official one.</summary>
public sealed class HealthMessagesTests
{
    private const int PrefixLength = 5;

    [Fact]
    public void Request_AnyService_IsWhatTheOfficialMessageIs() => Gen.String[Gen.Char.AlphaNumeric, 0, 300].Sample(static service =>
    {
        var framed = HealthMessages.Request(service);
        Assert.Equal(new HealthCheckRequest { Service = service }.ToByteArray(), framed[PrefixLength..]);
        Assert.Equal(Prefix(framed.Length - PrefixLength), framed[..PrefixLength]);
    });

    [Fact]
    public void TryReadResponse_AnyStatus_IsRead() => Gen.Int[0, int.MaxValue].Sample(static status =>
    {
        var message = new HealthCheckResponse { Status = (HealthCheckResponse.Types.ServingStatus)status }.ToByteArray();
        Assert.True(HealthMessages.TryReadResponse([.. Prefix(message.Length), .. message], out var read));
        Assert.Equal(status, read);
    });

    [Fact]
    public void TryReadResponse_AnyBytes_NeverThrowsAndServesOnlyWhereTheOfficialOneDoes() => Gen.Byte[0, 20].Array[0, 12].Sample(static message =>
    {
        var ours = HealthMessages.TryReadResponse([.. Prefix(message.Length), .. message], out var status) && status == HealthMessages.Serving;
        if (ours) Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, HealthCheckResponse.Parser.ParseFrom(message).Status);
    }, iter: 100_000);

    private static byte[] Prefix(int length) => [0, (byte)(length >> 24), (byte)(length >> 16), (byte)(length >> 8), (byte)length];
}
