using System.Formats.Asn1;

namespace OrleansLb.Core.Tls;

/// <summary>The answer of an authority that was asked for one of its certificates (RFC 6960, section 4.2). Immutable.</summary>
/// <param name="Status">What it says.</param>
/// <param name="NextUpdate">Until when that is to be believed; <see langword="null"/> when it does not say.</param>
public sealed record OcspAnswer(OcspStatus Status, DateTimeOffset? NextUpdate)
{
    private const string Basic = "1.3.6.1.5.5.7.48.1.1";
    private const byte Successful = 0;
    private const AsnEncodingRules Rules = AsnEncodingRules.BER;

    private static readonly Asn1Tag First = new(TagClass.ContextSpecific, 0);

    /// <summary>Reads an answer. Whether the authority signed it is for others to see to.</summary>
    /// <param name="response">The answer, in DER.</param>
    /// <param name="serial">Serial number of the certificate, its highest byte first.</param>
    /// <returns><see langword="null"/> when it says nothing of the certificate or cannot be read.</returns>
    public static OcspAnswer? Read(ReadOnlyMemory<byte> response, ReadOnlySpan<byte> serial)
    {
        try
        {
            return ReadResponse(response, serial);
        }
        catch (AsnContentException)
        {
            return null;
        }
    }

    private static OcspAnswer? ReadResponse(ReadOnlyMemory<byte> response, ReadOnlySpan<byte> serial)
    {
        var outer = new AsnReader(response, Rules).ReadSequence();
        if (outer.ReadEnumeratedBytes().Span is not [Successful])
            return null;
        var typed = outer.ReadSequence(First).ReadSequence();
        if (typed.ReadObjectIdentifier() != Basic)
            return null;
        var data = new AsnReader(typed.ReadOctetString(), Rules).ReadSequence().ReadSequence();
        if (data.PeekTag().HasSameClassAndValue(First))
            data.ReadEncodedValue();
        // Who answers, and when it did.
        data.ReadEncodedValue();
        data.ReadGeneralizedTime();
        var all = data.ReadSequence();
        while (all.HasData)
        {
            if (ReadOne(all.ReadSequence(), serial) is { } answer)
                return answer;
        }

        return null;
    }

    private static OcspAnswer? ReadOne(AsnReader one, ReadOnlySpan<byte> serial)
    {
        var certificate = one.ReadSequence();
        // The hashes of its issuer.
        certificate.ReadSequence();
        certificate.ReadOctetString();
        certificate.ReadOctetString();
        if (!certificate.ReadIntegerBytes().Span.TrimStart((byte)0).SequenceEqual(serial.TrimStart((byte)0)))
            return null;
        var status = one.PeekTag().TagValue switch
        {
            0 => OcspStatus.Good,
            1 => OcspStatus.Revoked,
            _ => OcspStatus.Unknown,
        };
        one.ReadEncodedValue();
        one.ReadGeneralizedTime();
        return new OcspAnswer(status, one.HasData && one.PeekTag().HasSameClassAndValue(First) ? one.ReadSequence(First).ReadGeneralizedTime() : null);
    }
}
