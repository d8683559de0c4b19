using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OrleansLb.Frontend.Tests.Authentication;

/// <summary>Makes tokens and key sets by hand, as RFC 7515 and RFC 7517 say it, also such as no library would.</summary>
internal sealed class TestIssuer(string kid = "k1") : IDisposable
{
    public const string Name = "https://issuer.example.com";
    public const string Audience = "shop";

    private readonly RSA _rsa = RSA.Create(2048);
    private readonly ECDsa _ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>Its keys as a set: one of RSA, and one of an elliptic curve with <c>-ec</c> after its id.</summary>
    public string KeySet => SetOf(this);

    /// <summary>The public key of RSA in PEM.</summary>
    public string PublicPem => _rsa.ExportSubjectPublicKeyInfoPem();

    /// <summary>A set with the keys of several.</summary>
    public static string SetOf(params TestIssuer[] issuers) => new JsonObject { ["keys"] = new JsonArray([.. issuers.SelectMany(static issuer => issuer.Keys())]) }.ToJsonString();

    /// <summary>What a token says that is in order at a time.</summary>
    public static JsonObject Claims(DateTimeOffset now, string subject = "anna") => new()
    {
        ["iss"] = Name,
        ["aud"] = Audience,
        ["sub"] = subject,
        ["nbf"] = now.AddMinutes(-1).ToUnixTimeSeconds(),
        ["exp"] = now.AddMinutes(5).ToUnixTimeSeconds(),
    };

    /// <summary>A signed token.</summary>
    public string Token(JsonObject claims, string algorithm = "RS256", JsonObject? header = null)
    {
        header ??= [];
        header["alg"] = algorithm;
        header["kid"] ??= algorithm.StartsWith("ES", StringComparison.Ordinal) ? kid + "-ec" : kid;
        var text = $"{Part(header.ToJsonString())}.{Part(claims.ToJsonString())}";
        return $"{text}.{Base64Url.EncodeToString(Sign(algorithm, Encoding.ASCII.GetBytes(text)))}";
    }

    /// <summary>A part of a token.</summary>
    public static string Part(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    /// <summary>The public key of RSA as a token could show it.</summary>
    public JsonObject Jwk() => (JsonObject)Keys().First()!;

    public void Dispose()
    {
        _rsa.Dispose();
        _ec.Dispose();
    }

    private byte[] Sign(string algorithm, byte[] text) => algorithm switch
    {
        "RS256" => _rsa.SignData(text, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
        "RS512" => _rsa.SignData(text, HashAlgorithmName.SHA512, RSASignaturePadding.Pkcs1),
        "PS256" => _rsa.SignData(text, HashAlgorithmName.SHA256, RSASignaturePadding.Pss),
        "ES256" => _ec.SignData(text, HashAlgorithmName.SHA256),
        "HS256" => HMACSHA256.HashData(Encoding.ASCII.GetBytes(PublicPem), text),
        _ => [],
    };

    private IEnumerable<JsonNode?> Keys()
    {
        var (rsa, ec) = (_rsa.ExportParameters(false), _ec.ExportParameters(false));
        yield return JsonSerializer.SerializeToNode(new { kty = "RSA", kid, use = "sig", n = Base64Url.EncodeToString(rsa.Modulus), e = Base64Url.EncodeToString(rsa.Exponent) });
        yield return JsonSerializer.SerializeToNode(new { kty = "EC", kid = kid + "-ec", use = "sig", crv = "P-256", x = Base64Url.EncodeToString(ec.Q.X), y = Base64Url.EncodeToString(ec.Q.Y) });
    }
}
