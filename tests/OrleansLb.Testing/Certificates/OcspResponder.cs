using System.Formats.Asn1;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace OrleansLb.Testing.Certificates;

/// <summary>Tells over HTTP which certificates of an authority are revoked (RFC 6960).</summary>
public sealed class OcspResponder : IAsyncDisposable
{
    private static readonly Asn1Tag First = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag Second = new(TagClass.ContextSpecific, 1);
    private static readonly Asn1Tag Third = new(TagClass.ContextSpecific, 2);

    private readonly TestAuthority _authority;
    private readonly WebApplication _application;
    private volatile TaskCompletionSource? _hold;
    private int _requests;

    private OcspResponder(TestAuthority authority, int port)
    {
        _authority = authority;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        _application = builder.Build();
        _application.Run(Answer);
    }

    /// <summary>Where it is asked.</summary>
    public Uri Address => new(_application.Urls.Single());

    /// <summary>What it says.</summary>
    public OcspStatement Statement { get; set; }

    /// <summary>For how long that is to be believed.</summary>
    public TimeSpan Life { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How often it was asked.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Starts one.</summary>
    /// <param name="authority">Whose certificates it knows.</param>
    /// <param name="port">Where it listens; 0 for anywhere.</param>
    public static async Task<OcspResponder> Start(TestAuthority authority, int port = 0)
    {
        var responder = new OcspResponder(authority, port);
        await responder._application.StartAsync();
        return responder;
    }

    /// <summary>Answers nobody until <see cref="Release"/>.</summary>
    public void Hold() => _hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Answers those who wait.</summary>
    public void Release() => _hold!.SetResult();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private async Task Answer(HttpContext context)
    {
        Interlocked.Increment(ref _requests);
        if (_hold is { } hold)
            await hold.Task;
        if (Statement == OcspStatement.Failure)
        {
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return;
        }

        context.Response.ContentType = "application/ocsp-response";
        await context.Response.Body.WriteAsync(ResponseTo(Convert.FromBase64String(Uri.UnescapeDataString(context.Request.Path.Value![1..]))));
    }

    private byte[] ResponseTo(byte[] request)
    {
        if (Statement == OcspStatement.Garbage)
            return [0x30, 0x82, 0xff, 0xff, 1, 2, 3];
        // OCSPRequest, TBSRequest, the list, its first entry: the certificate that is asked for.
        var certificate = new AsnReader(request, AsnEncodingRules.DER).ReadSequence().ReadSequence().ReadSequence().ReadSequence().ReadEncodedValue();
        return Response(Basic(StatementOf(certificate)));
    }

    private byte[] Response(byte[] basic)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteEnumeratedValue(Statement == OcspStatement.TryLater ? ResponseStatus.TryLater : ResponseStatus.Successful);
            if (Statement != OcspStatement.TryLater)
            {
                using var explicitly = writer.PushSequence(First);
                using var typed = writer.PushSequence();
                writer.WriteObjectIdentifier("1.3.6.1.5.5.7.48.1.1");
                writer.WriteOctetString(basic);
            }
        }

        return writer.Encode();
    }

    private byte[] Basic(byte[] statement)
    {
        var signature = _authority.Sign(statement);
        if (Statement == OcspStatement.Forged)
            signature[^1] ^= 1;
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(statement);
            using (writer.PushSequence())
                writer.WriteObjectIdentifier("1.2.840.10045.4.3.2");
            writer.WriteBitString(signature);
        }

        return writer.Encode();
    }

    private byte[] StatementOf(ReadOnlyMemory<byte> certificate)
    {
        var now = TimeProvider.System.GetUtcNow();
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence(Second))
                writer.WriteEncodedValue(_authority.IssuerName);
            writer.WriteGeneralizedTime(now, omitFractionalSeconds: true);
            using var all = writer.PushSequence();
            using var one = writer.PushSequence();
            WriteCertificate(writer, certificate);
            WriteStatus(writer, now);
            writer.WriteGeneralizedTime(now.AddHours(-2), omitFractionalSeconds: true);
            using var next = writer.PushSequence(First);
            writer.WriteGeneralizedTime(Statement == OcspStatement.Expired ? now.AddHours(-1) : now + Life, omitFractionalSeconds: true);
        }

        return writer.Encode();
    }

    private void WriteCertificate(AsnWriter writer, ReadOnlyMemory<byte> certificate)
    {
        if (Statement != OcspStatement.OfAnother)
        {
            writer.WriteEncodedValue(certificate.Span);
            return;
        }

        var asked = new AsnReader(certificate, AsnEncodingRules.DER).ReadSequence();
        using var other = writer.PushSequence();
        writer.WriteEncodedValue(asked.ReadEncodedValue().Span);
        writer.WriteEncodedValue(asked.ReadEncodedValue().Span);
        writer.WriteEncodedValue(asked.ReadEncodedValue().Span);
        writer.WriteInteger(asked.ReadInteger() + 1);
    }

    private void WriteStatus(AsnWriter writer, DateTimeOffset now)
    {
        switch (Statement)
        {
            case OcspStatement.Revoked:
                using (writer.PushSequence(Second))
                    writer.WriteGeneralizedTime(now.AddDays(-1), omitFractionalSeconds: true);
                break;
            case OcspStatement.Unknown:
                writer.WriteNull(Third);
                break;
            default:
                writer.WriteNull(First);
                break;
        }
    }

    private enum ResponseStatus
    {
        Successful,
        TryLater = 3,
    }
}
