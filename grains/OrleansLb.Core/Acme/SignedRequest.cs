using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace OrleansLb.Core.Acme;

/// <summary>The body of a request to an authority: a JSON Web Signature in its flattened form (RFC 8555, section 6.2; RFC 7515, section 7.2.2).</summary>
public static class SignedRequest
{
    /// <summary>Signs a request.</summary>
    /// <param name="key">Key of the account.</param>
    /// <param name="account">Address of the account; <see langword="null"/> while it has none, and the key itself is named.</param>
    /// <param name="nonce">What the authority gave to be used once.</param>
    /// <param name="url">Where the request goes.</param>
    /// <param name="payload">What it says; empty to ask for a document (section 6.3).</param>
    public static byte[] Sign(AccountKey key, Uri? account, string nonce, Uri url, ReadOnlySpan<byte> payload)
    {
        var head = Base64Url.EncodeToString(Head(key, account, nonce, url));
        var body = Base64Url.EncodeToString(payload);
        var signature = key.Sign(Encoding.ASCII.GetBytes($"{head}.{body}"));
        return Json(writer =>
        {
            writer.WriteString("protected", head);
            writer.WriteString("payload", body);
            writer.WriteString("signature", Base64Url.EncodeToString(signature));
        });
    }

    private static byte[] Head(AccountKey key, Uri? account, string nonce, Uri url) => Json(writer =>
    {
        writer.WriteString("alg", "ES256");
        if (account is not null)
        {
            writer.WriteString("kid", account.AbsoluteUri);
        }
        else
        {
            writer.WritePropertyName("jwk");
            writer.WriteRawValue(key.Jwk);
        }

        writer.WriteString("nonce", nonce);
        writer.WriteString("url", url.AbsoluteUri);
    });

    private static byte[] Json(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        write(writer);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
